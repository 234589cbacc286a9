// How large a file is, in words.

/**
 * In thousands or millions of bytes; the smallest is 1 KB.
 * @example
 * presentFileSize(12_400); // '12 KB'
 * presentFileSize(3_450_000); // '3.5 MB'
 */
export const presentFileSize = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3)).toLocaleString('en-GB')} KB` : `${(bytes / 1e6).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`;
