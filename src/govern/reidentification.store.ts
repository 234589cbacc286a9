// Re-identification: the person behind a pseudonym of an extract, for a reader to whom a live clause gives identified items of that person for the same
// purpose, on a ground in words. Every asking is an act of its own in the audit, and kept with its ground, before anything is answered. A pseudonym
// that nobody has is answered like one whose person the reader may not see.

import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type Casework } from '../store/index.ts';
import type { AgreementRegister } from './agreement-register.ts';
import { indexGrants } from './grant-index.ts';
import type { People } from './people-service.ts';
import { writeBasis, writeClauseRef } from './clause-basis.ts';
import type { Asking, ShownFeed } from './person-record.ts';
import { hasEnoughWords } from './reason-words.ts';

/** Works out who is behind pseudonyms of a purpose; it decides nothing. */
export interface PseudonymSource {
  /** Keys of people by pseudonym; those that nobody has are not there. */
  peopleOf(purpose: string, pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export const mostPseudonyms = 20;

/** The form of a pseudonym in an extract: 128 bits in hexadecimal. */
export const isPseudonym = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
const longestGround = 1000;

export interface ReidentifyAsked {
  agreementId: string;
  /** Why it must be known, in words. */
  ground: string;
  pseudonyms: readonly string[];
}

export interface ReidentifyAnswer {
  pseudonym: string;
  /** Null where it is not given, for whatever reason. */
  personKey: string | null;
}

export type ReidentifyOutcome =
  | { ok: true; answers: ReidentifyAnswer[] }
  | { ok: false; reason: 'no-purpose' | 'ground-too-short' | 'ground-too-long' | 'no-pseudonym' | 'malformed' | 'too-many' };

export interface ListedReidentification {
  reidentificationId: string;
  userId: string;
  agency: string;
  role: string;
  purpose: string;
  agreementId: string;
  ground: string;
  asked: number;
  given: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Reidentification {
  reidentify(asking: Asking, asked: ReidentifyAsked): Promise<ReidentifyOutcome>;
  /** Agreements in force that give the reader identified items for the purpose stated. */
  agreementsFor(asking: Asking): Promise<string[]>;
  /** The newest first. */
  list(most: number): Promise<ListedReidentification[]>;
}

export function openReidentification(db: Casework['db'], clock: Clock, { people, register, pseudonyms: source }: { people: Pick<People, 'find'>; register: Pick<AgreementRegister, 'grants'>; pseudonyms: PseudonymSource }): Reidentification {
  const answerFor = async (asking: Asking, personKey: string | undefined) => {
    const answer = personKey === undefined ? undefined : await people.find(asking, personKey);
    return answer?.kind === 'record' ? { personKey: answer.personKey, clauses: clausesOf(answer.feeds) } : { personKey: null, clauses: [] };
  };
  return {
    async reidentify(asking, asked) {
      const { purpose } = asking;
      const [ground, pseudonyms] = [asked.ground.trim(), [...new Set(asked.pseudonyms.map((each) => each.trim().toLowerCase()))].filter((each) => each !== '')];
      if (purpose === null) return { ok: false, reason: 'no-purpose' };
      if (pseudonyms.length === 0) return { ok: false, reason: 'no-pseudonym' };
      if (!pseudonyms.every(isPseudonym)) return { ok: false, reason: 'malformed' };
      if (pseudonyms.length > mostPseudonyms) return { ok: false, reason: 'too-many' };
      if (!hasEnoughWords(ground)) return { ok: false, reason: 'ground-too-short' };
      if (ground.length > longestGround) return { ok: false, reason: 'ground-too-long' };
      const grants = (await register.grants()).filter((grant) => grant.agreementId === asked.agreementId && grant.purpose === purpose);
      const under = { ...asking, index: indexGrants(grants) };
      const keys = await source.peopleOf(purpose, pseudonyms);
      const answers: ReidentifyAnswer[] = [];
      const clauses = new Set<string>();
      for (const pseudonym of pseudonyms) {
        const found = await answerFor(under, keys.get(pseudonym));
        // A glass that is broken opens a record, not a pseudonym.
        const personKey = found.clauses.length > 0 ? found.personKey : null;
        answers.push({ pseudonym, personKey });
        for (const clause of found.clauses) clauses.add(clause);
      }
      await keep(db, clock, { asking, purpose, agreementId: asked.agreementId, ground, answers, clauses: [...clauses].toSorted() });
      return { ok: true, answers };
    },
    async agreementsFor({ who, purpose, at }) {
      const grants = await register.grants();
      const given = grants.filter((grant) => grant.form === 'identified' && grant.agency === who.agency && grant.role === who.role && grant.purpose === purpose && grant.from <= at && at < grant.to);
      return [...new Set(given.map(({ agreementId }) => agreementId))];
    },
    async list(most) {
      const rows = await db.selectFrom('reidentification').selectAll().orderBy('done_at', 'desc').orderBy('reidentification_id').limit(most).execute();
      return rows.map((row) => ({
        reidentificationId: row.reidentification_id, userId: row.user_id, agency: row.agency, role: row.role, purpose: row.purpose, agreementId: row.agreement_id, ground: row.ground,
        asked: row.asked, given: row.person_keys.length, at: row.done_at.getTime(),
      }));
    },
  };
}

const clausesOf = (feeds: readonly ShownFeed[]): string[] => feeds.flatMap(({ by }) => by.flatMap((each) => (each.by === 'clause' ? [writeClauseRef(each.clause)] : [])));

interface Kept {
  asking: Asking;
  purpose: string;
  agreementId: string;
  ground: string;
  answers: readonly ReidentifyAnswer[];
  clauses: readonly string[];
}

/** One row of the audit for what was given and one for what was refused, with the row of the asking: all or none. */
async function keep(db: Casework['db'], clock: Clock, { asking: { who }, purpose, agreementId, ground, answers, clauses }: Kept): Promise<void> {
  const keys = [...new Set(answers.flatMap(({ personKey }) => personKey ?? []))];
  const refused = answers.flatMap(({ pseudonym, personKey }) => (personKey === null ? [pseudonym] : []));
  await db.transaction().execute(async (transaction) => {
    const row = { user_id: who.userId, agency: who.agency, role: who.role, purpose, agreement_id: agreementId, ground, asked: answers.length, person_keys: keys, done_at: new Date(clock.now()) };
    const { reidentification_id: id } = await transaction.insertInto('reidentification').values(row).returning('reidentification_id').executeTakeFirstOrThrow();
    const event = { ...auditActor(who), action: 'pseudonym.reidentify', purpose };
    if (keys.length > 0) await recordAuditEvent(transaction, clock, { ...event, outcome: 'done', subjectKind: 'person', subjectIds: keys, basis: writeBasis(clauses) });
    if (refused.length > 0) await recordAuditEvent(transaction, clock, { ...event, outcome: 'refused', subjectKind: 'pseudonym', subjectIds: [id, ...refused], basis: 'not-given' });
  });
}
