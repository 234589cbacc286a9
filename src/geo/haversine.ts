// How far apart are two places? Great-circle distance on a sphere by the haversine formula (Sinnott 1984);
// within 0.5 per cent of the distance on the ellipsoid.

/** The mean radius of the Earth in metres (IUGG). */
export const earthRadius = 6_371_008.8;

const radians = Math.PI / 180;

/**
 * Distance in metres between two points given in degrees.
 *
 * @example
 * haversine(-0.1278, 51.5074, 2.3522, 48.8566); // London to Paris, about 343,557 m
 */
export function haversine(longitudeA: number, latitudeA: number, longitudeB: number, latitudeB: number): number {
  const sinLatitude = Math.sin(((latitudeB - latitudeA) * radians) / 2);
  const sinLongitude = Math.sin(((longitudeB - longitudeA) * radians) / 2);
  const a = sinLatitude ** 2 + Math.cos(latitudeA * radians) * Math.cos(latitudeB * radians) * sinLongitude ** 2;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(a)));
}
