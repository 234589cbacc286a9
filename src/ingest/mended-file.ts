// The columns that an exported quarantine file has beside the feed's own, so that a mended file can be loaded again
// and each of its rows takes the place of the held row it came from.

export const mendColumns: readonly string[] = ['headwater_load', 'headwater_line', 'headwater_column', 'headwater_value', 'headwater_reason', 'headwater_row'];

export function isMendedFile(headings: readonly string[]): boolean {
  return headings.includes('headwater_load') && headings.includes('headwater_line');
}
