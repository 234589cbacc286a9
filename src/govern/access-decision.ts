// The one decision about access: who, in which relation, for which purpose, asks for which item about whom, when; allowed with the clause
// that allows it, or refused with the reason. Pure. The rows below are what runs, what docs/methods/access.md shows, and what the tests
// go through one by one; the first row that applies answers. The database's policies say the same.

import type { Role } from '../core/index.ts';
import type { AccessRequest, Decision, Refusal } from './access-request.ts';
import { fitOf, isScore, refOf, type Fit, type GrantIndex } from './grant-index.ts';

/** Roles whose work is with people: only they may break the glass. */
export const glassRoles: readonly Role[] = ['hub-coordinator', 'lead-practitioner', 'referrer'];

/** How long a broken glass stays open, in milliseconds. */
export const glassTime = 2 * 60 * 60 * 1000;

interface Asked {
  index: GrantIndex;
  request: AccessRequest;
  /** Worked out once, where a row asks for it. */
  fit?: Fit;
}

export interface DecisionRow {
  /** The refusal's reason, or what allows. */
  name: Refusal | 'clause' | 'open-data' | 'broken-glass';
  /** The condition in plain words, after "if". */
  when: string;
  /** What is answered, in plain words. */
  says: string;
  applies(asked: Asked): boolean;
  answer(asked: Asked): Decision;
}

const refuse = (name: Refusal, when: string, says: string, applies: DecisionRow['applies']): DecisionRow => ({ name, when, says, applies, answer: () => ({ allowed: false, reason: name }) });

/** A row for a request that no clause fits: `step` is where it fell short. */
const fallsShort = (name: Refusal, when: string, says: string): DecisionRow => ({
  name,
  when,
  says: `Refused: ${says}`,
  applies: (asked) => missedOf(asked) === name,
  answer: (asked) => {
    const fit = fitFor(asked);
    return fit.grant === undefined && fit.nearest ? { allowed: false, reason: name, clause: fit.nearest } : { allowed: false, reason: name };
  },
});

/** In this order; the first that applies answers. */
export const decisionRows: readonly DecisionRow[] = [
  refuse('score-of-a-person', 'the item is a count of adverse experiences, or a score or prediction of one person', 'Refused to everyone. Groups above the disclosure threshold are another question.', ({ index, request }) => isScore(index, request.item.key)),
  refuse('sealed', 'the person\'s record is sealed and the reader is not named as its keeper', 'Refused. The reader learns that a record exists and whom to ring, no more. Breaking the glass does not open a seal.', ({ request: { subject } }) => subject !== null && subject.sealed && !subject.keeper),
  {
    name: 'open-data',
    when: 'the data are published already, and are asked for as figures or pseudonymised records',
    says: 'Allowed to everyone, without a purpose.',
    applies: ({ index, request: { item } }) => item.form === 'pseudonymised' && !isOfCase(item.key) && (item.holder === 'public' || index.isOpen(feedOf(item.key))),
    answer: () => ({ allowed: true, by: 'open-data' }),
  },
  refuse('no-purpose', 'the reader has stated no purpose', 'Refused: state what you are doing, then ask again.', ({ request }) => request.purpose === null),
  {
    name: 'clause',
    when: 'a clause in force gives this item of this agency, in this form, to the reader\'s agency and role, for the purpose stated, and the reader stands as close to the person as it asks',
    says: 'Allowed, by that clause.',
    applies: (asked) => fitFor(asked).grant !== undefined,
    answer: (asked) => ({ allowed: true, by: 'clause', clause: refOf(fitFor(asked).grant!) }),
  },
  {
    name: 'broken-glass',
    when: 'the reader works with people (hub coordinator, lead practitioner or referrer), asks for an identified item, and broke the glass for this person less than two hours ago',
    says: 'Allowed until the two hours are over. An information governance lead is told at once and reviews it. It lets read, not write.',
    applies: ({ request: { item, subject, who, at } }) => item.form === 'identified' && subject !== null && isOpenGlass(subject.brokenUntil, at) && glassRoles.includes(who.role),
    answer: ({ request: { subject } }) => ({ allowed: true, by: 'broken-glass', until: subject!.brokenUntil! }),
  },
  fallsShort('no-agreement', 'no agreement gives anything of the agency that holds the item', 'no agreement, no data; an agency\'s own people need one too.'),
  fallsShort('not-recipient', 'agreements give data of that agency, but none to the reader\'s agency and role', 'you are not among those who receive.'),
  fallsShort('not-for-purpose', 'they give some to the reader, but not for the purpose stated', 'your purpose does not cover it.'),
  fallsShort('not-this-item', 'they give some for that purpose, but not this item', 'the agreement leaves this item out.'),
  fallsShort('not-in-this-form', 'they give the item, but only in the other form', 'only figures are shared, or only records of named people.'),
  fallsShort('relation-needed', 'they give it, but only to someone who stands closer to the person', 'for people who work on this case.'),
  fallsShort('lapsed', 'the agreement that gave it has ended', 'the agreement has lapsed.'),
  fallsShort('power-not-in-force', 'the legal power that it rested on has ended', 'the law that allowed it is no longer in force.'),
  fallsShort('not-yet', 'the agreement, or the legal power that it rests on, has not begun', 'not yet.'),
];

/**
 * May this reader have this item?
 *
 * @example
 * decide(indexGrants(await register.grants()), request); // { allowed: true, by: 'clause', clause: { agreementId, version: 1, clause: 2 } }
 */
export function decide(index: GrantIndex, request: AccessRequest): Decision {
  const asked: Asked = { index, request };
  for (const row of decisionRows) if (row.applies(asked)) return row.answer(asked);
  throw new Error('No row of the decision applies');
}

function fitFor(asked: Asked): Fit {
  return (asked.fit ??= fitOf(asked.index, asked.request));
}

function missedOf(asked: Asked): Refusal | undefined {
  const fit = fitFor(asked);
  return fit.grant === undefined ? fit.missed : undefined;
}

const isOfCase = (key: string) => key.startsWith('case/');
const feedOf = (key: string) => key.split('/', 1)[0]!;
/** A clock that was set back to before the breaking does not keep it open. */
const isOpenGlass = (until: number | null, at: number) => until !== null && at < until && at >= until - glassTime;
