// United Kingdom postcodes: their forms (Royal Mail), one way of writing them, and their parts.

const form = /^(GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})$/;

/** "lu11aa" → "LU1 1AA"; undefined where the text is not a postcode. */
export function findPostcode(text: string): string | undefined {
  const compact = text.toUpperCase().replace(/\s+/g, '');
  const spaced = `${compact.slice(0, -3)} ${compact.slice(-3)}`;
  return form.test(spaced) ? spaced : undefined;
}

/** "LU1 1AA" → { area: "LU", district: "LU1", sector: "LU1 1" }. */
export function postcodeParts(postcode: string): { area: string; district: string; sector: string } {
  const [outward = '', inward = ''] = postcode.split(' ');
  return { area: outward.replace(/\d.*$/, ''), district: outward, sector: `${outward} ${inward.slice(0, 1)}` };
}
