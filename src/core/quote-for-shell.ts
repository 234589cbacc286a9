// Commands that a message tells a person to paste.

/** A word as it has to be pasted into a shell: in single quotes where it holds more than letters, digits and what paths are made of. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
