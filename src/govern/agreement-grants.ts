// What agreements give, as flat rows: who may see which item of whom, for which purpose, in which form, from when until when, under which clause.
// Lapsed versions stay among them with their end, so that a refusal can say why. Versions that not all parties signed give nothing.

import type { Grant } from './access-request.ts';
import type { Agreement, Clause } from './agreement.ts';
import { versionSpans, type VersionSpan } from './agreement-state.ts';
import { expandItem, type DataItems } from './data-item.ts';
import { forceOf, type LegalPowers } from './legal-power.ts';

export interface GrantSources {
  powers: LegalPowers;
  feeds: DataItems['feeds'];
  sections: DataItems['sections'];
  /** Milliseconds since the epoch: nothing that was recorded lies ahead of it. */
  now: number;
  /** The latest time that is known to have been; for a clock that stands before it, what had ended by then stays ended. As `now` where absent. */
  reached?: number;
}

/** A clause holds while its version and every power that it names are in force. A power that the pack does not know is never in force. */
function timeOf(span: VersionSpan, clause: Clause, powers: LegalPowers): Pick<Grant, 'from' | 'to' | 'endedBy'> {
  const forces = clause.powers.map((code) => {
    const power = powers.get(code);
    return power ? forceOf(power) : { from: Infinity, to: Infinity };
  });
  const from = Math.max(span.from, ...forces.map((force) => force.from));
  const to = Math.min(span.to, ...forces.map((force) => force.to));
  if (from >= to) return { from: span.from, to: span.from, endedBy: 'power' };
  return { from, to, endedBy: to < span.to ? 'power' : 'agreement' };
}

function clauseGrants(agreementId: string, span: VersionSpan, number: number, sources: GrantSources): Grant[] {
  const clause = span.content.clauses[number - 1]!;
  const time = timeOf(span, clause, sources.powers);
  const items = new Map(
    clause.items
      .flatMap((item) => expandItem(sources, item, clause.form))
      .filter(({ identifying }) => clause.form === 'identified' || !identifying)
      .flatMap(({ key, holder }) => (holder === undefined ? clause.from : clause.from.filter((agency) => agency === holder)).map((agency) => [`${agency} ${key}`, { key, holder: agency }] as const)),
  );
  const readers = new Map(clause.to.flatMap(({ agency, roles }) => roles.map((role) => [`${agency} ${role}`, { agency, role }] as const)));
  return [...readers.values()].flatMap(({ agency, role }) =>
    [...items.values()].map(({ key, holder }) => ({
      agreementId, version: span.version, clause: number, agency, role, purpose: clause.purpose, holder, item: key, form: clause.form, relation: clause.relation, ...time,
    })),
  );
}

/** Those ends that a clock that was set back has before it again. */
export const endsBehind = (ends: readonly number[], { now, reached }: { now: number; reached: number }): number[] => ends.filter((end) => now < end && end <= reached);

/** Everything that the agreements give or gave, in the order of agreements, versions and clauses. */
export function compileGrants(agreements: readonly Agreement[], sources: GrantSources): Grant[] {
  const { now, reached = now } = sources;
  const grants = agreements.flatMap((agreement) =>
    versionSpans(agreement, now).flatMap((span) => span.content.clauses.flatMap((_, index) => clauseGrants(agreement.agreementId, span, index + 1, sources))),
  );
  return now < reached ? grants.map((grant) => (endsBehind([grant.to], { now, reached }).length > 0 ? { ...grant, to: grant.from } : grant)) : grants;
}
