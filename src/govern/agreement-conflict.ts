// Where two clauses, or two agreements, say different things about one and the same sharing: the same item of the same agency, for the same purpose,
// in the same form, to the same people, but under another relation, onward use or retention. Each is a warning that names both.

import type { AgreementContent, Clause } from './agreement.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import type { Finding } from './agreement-register.ts';
import { expandItem } from './data-item.ts';

type Packs = Pick<AgreementPacks, 'feeds' | 'sections' | 'agencies' | 'purposes' | 'retention'>;

interface Shared {
  items: ReadonlySet<string>;
  readers: ReadonlySet<string>;
}

function sharedBy(clause: Clause, packs: Packs): Shared {
  const items = clause.items.flatMap((item) => expandItem(packs, item, clause.form)).flatMap(({ key, holder }) => (holder === undefined ? clause.from : [holder]).map((agency) => `${agency} ${key}`));
  return { items: new Set(items), readers: new Set(clause.to.flatMap(({ agency, roles }) => roles.map((role) => `${agency} ${role}`))) };
}

/** An item that two clauses share with the same people, if there is one. */
function overlap(one: Shared, other: Shared): { item: string; agency: string } | undefined {
  const reader = [...one.readers].find((each) => other.readers.has(each));
  const item = [...one.items].find((each) => other.items.has(each));
  return reader === undefined || item === undefined ? undefined : { item: item.split(' ').slice(1).join(' '), agency: reader.split(' ')[0]! };
}

export interface OtherAgreement {
  agreementId: string;
  content: AgreementContent;
}

export function findConflicts(content: AgreementContent, others: readonly OtherAgreement[], packs: Packs): Finding[] {
  const shared = content.clauses.map((clause) => sharedBy(clause, packs));
  const findings: Finding[] = [];
  content.clauses.forEach((clause, index) => {
    content.clauses.slice(0, index).forEach((earlier, before) => {
      if (earlier.purpose !== clause.purpose || earlier.form !== clause.form || earlier.relation === clause.relation) return;
      const met = overlap(shared[before]!, shared[index]!);
      if (met) findings.push(warning(index, ['relation'], `Clauses ${before + 1} and ${index + 1} give ${met.item} to the same people of ${titleOf(packs, met.agency)} for the same purpose under different relations (${earlier.relation} and ${clause.relation}). The wider one holds; keep the one that is meant.`));
    });
    for (const other of others) findings.push(...conflictsWith({ content, clause, index, shared: shared[index]! }, other, packs));
  });
  return findings;
}

function conflictsWith(own: { content: AgreementContent; clause: Clause; index: number; shared: Shared }, other: OtherAgreement, packs: Packs): Finding[] {
  return other.content.clauses.flatMap((clause, number) => {
    if (clause.purpose !== own.clause.purpose || clause.form !== own.clause.form) return [];
    const differences = [
      ...(clause.relation === own.clause.relation ? [] : [`relation (there ${clause.relation}, here ${own.clause.relation})`]),
      ...(other.content.onwardUse === own.content.onwardUse ? [] : [`onward use (there ${other.content.onwardUse}, here ${own.content.onwardUse})`]),
      ...(other.content.retention === own.content.retention ? [] : [`retention (there ${other.content.retention}, here ${own.content.retention})`]),
    ];
    const met = differences.length > 0 ? overlap(sharedBy(clause, packs), own.shared) : undefined;
    if (!met) return [];
    return [warning(own.index, [], `Clause ${own.index + 1} of "${own.content.title}" and clause ${number + 1} of "${other.content.title}" give ${met.item} to the same people of ${titleOf(packs, met.agency)} for the same purpose, with another ${differences.join(' and ')}. Make the two agree, or say which holds.`)];
  });
}

const titleOf = (packs: Packs, agency: string) => packs.agencies.get(agency)?.title ?? agency;
const warning = (index: number, path: string[], message: string): Finding => ({ level: 'warning', path: ['clauses', index, ...path], message });
