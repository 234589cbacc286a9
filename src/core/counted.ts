// A number with what it counts.

/**
 * @param many the word for none and for several; the first with an s where absent
 * @example
 * counted(1, 'record'); // '1 record'
 * counted(1200, 'Party', 'Parties'); // '1,200 Parties'
 */
export const counted = (number: number, one: string, many = `${one}s`): string => `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
