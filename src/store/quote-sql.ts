// Quotes names and texts that stand in SQL.

/** Quotes an identifier. */
export function id(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text literal, for the few places that cannot be bound (COPY paths, settings). */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
