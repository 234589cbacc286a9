// The SHA-256 of a case from those of its rows, as the database makes it too: its rows by kind and id, each as "KIND ID SHA-256", with a line feed
// between. Whoever has a copy of the rows can make it anew and hold it beside a certificate.

import { createHash } from 'node:crypto';
import type { CaseRow } from './retention.store.ts';

export function digestOfRows(rows: readonly Pick<CaseRow, 'kind' | 'id' | 'sha256'>[]): string {
  const place = ({ kind, id }: Pick<CaseRow, 'kind' | 'id'>) => `${kind} ${id}`;
  const lines = rows.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)).map((row) => `${place(row)} ${row.sha256}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
