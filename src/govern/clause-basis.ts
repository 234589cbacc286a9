// What allowed something, as the audit keeps it: clauses as "agreement/version/clause".

export const writeClauseRef = ({ agreementId, version, clause }: { agreementId: string; version: number; clause: number }): string => `${agreementId}/${version}/${clause}`;

/** As many as the audit's row holds. */
const mostClauses = 30;

/** Each once, in their order; a broken glass is said after them, however many they are. */
export function writeBasis(names: Iterable<string>): string {
  const all = new Set(names);
  const clauses = [...all].filter((name) => name !== 'broken-glass' && name !== '').toSorted().slice(0, mostClauses);
  return [...clauses, ...(all.has('broken-glass') ? ['broken-glass'] : [])].join(' ');
}
