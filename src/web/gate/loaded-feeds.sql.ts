// Which feeds a snapshot holds, whether they have events or not.

export const loadedFeedsSql = (tables: readonly string[]): string => `${tables.map((table) => `SELECT feed FROM ${table} WHERE feed IS NOT NULL`).join(' UNION ')} ORDER BY feed`;
