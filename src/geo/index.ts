// Spatial kernels, one algorithm per file and pure: points in areas, distances, projections, hexagons, squares and lighter shapes.
export * from './area-index.ts';
export * from './bounding-box.ts';
export * from './centroid.ts';
export * from './haversine.ts';
export * from './hexagon.ts';
export * from './hundred-metre-square.ts';
export * from './hundred-metre-square.sql.ts';
export * from './local-projection.ts';
export { containsPoint, polygonParts } from './point-in-polygon.ts';
export * from './polygon-area.ts';
export * from './simplify-areas.ts';
