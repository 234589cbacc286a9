// Working on cases: a reader's list, one case with what allows each part, and every act in it: begin, write, attach a file, say who leads and who works on it, close. An act
// and its row of the audit are one transaction. The database says who may what; a seal under another key of the person, from before or after a merge, is
// looked for here. What is not the reader's is answered like what is not there.

import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type AttachmentFiles, type Casework } from '../store/index.ts';
import { decide } from './access-decision.ts';
import type { AccessRequest } from './access-request.ts';
import type { Relation } from './agreement.ts';
import { attachmentActs, type AttachmentActs } from './case-attachments.ts';
import { writeBasis, writeClauseRef } from './clause-basis.ts';
import { casesWithin, type After, type CaseFile, type GovernedCases } from './governed-case.store.ts';
import { isPersonKey, noPerson, type People } from './people-service.ts';
import type { CaseOutcome, OpenedCase } from './opened-case.ts';
import type { Allowed, Asking } from './person-record.ts';
import type { PersonKeys } from './person-standing.store.ts';
import { asReader, findSubject, isRefusal, isRowId, type ReaderTransaction } from './reader-transaction.store.ts';
import { tellsScore } from './score-of-a-person.ts';
import { findSealedTo, type KeySource } from './sealed-people.ts';

/** Where the reason for closing a case is written: what changed is told there. */
export const closingSection = 'reviews';
/** Where it is written who asked for help, when a case begins. */
export const openingSection = 'referral';

export interface CaseListing {
  limit: number;
  after?: After;
  status: CaseFile['status'];
  /** Only those that the reader leads or is a member of. */
  own: boolean;
}

export interface ListedCases {
  cases: CaseFile[];
  /** What allowed them, for the audit. */
  basis: string;
}

export interface CaseDesk extends AttachmentActs {
  /** Newest first. */
  list(asking: Asking, page: CaseListing): Promise<ListedCases>;
  find(asking: Asking, caseId: string): Promise<OpenedCase | undefined>;
  /** Cases about a person, under any key that means them now. */
  ofPerson(asking: Asking, personKey: string): Promise<ListedCases>;
  /**
   * Whether the reader may begin a case about a person: an agreement lets them, they see a record or a case of the person, and none of their agency's is open.
   * `shown`, from `ofPerson`, is for a reader who has the person's record open: neither is then looked for again.
   */
  mayBegin(asking: Asking, personKey: string, shown?: ListedCases): Promise<boolean>;
  /** Begins a case that the reader's agency holds, with who asked for help and why. */
  begin(asking: Asking, begun: { personKey: string; referral: string }): Promise<CaseOutcome>;
  write(asking: Asking, entry: { caseId: string; section: string; text: string }): Promise<CaseOutcome>;
  assignLead(asking: Asking, assigned: { caseId: string; userId: string; agency: string }): Promise<CaseOutcome>;
  addMember(asking: Asking, member: { caseId: string; userId: string; agency: string }): Promise<CaseOutcome>;
  endMember(asking: Asking, ended: { caseId: string; caseMemberId: string }): Promise<CaseOutcome>;
  /** The reason is written as an entry of its own. */
  close(asking: Asking, closed: { caseId: string; reason: string }): Promise<CaseOutcome>;
}

export interface CaseDeskGiven {
  source: KeySource & { find(key: string): Promise<PersonKeys | undefined> };
  people: Pick<People, 'find'>;
  attachments: AttachmentFiles;
}

/** Cases of one person that are looked for. */
const mostOfPerson = 50;

export function openCaseDesk(db: Casework['db'], clock: Clock, { source, people, attachments }: CaseDeskGiven): CaseDesk {
  const run = <T>({ who, purpose }: Asking, work: (cases: GovernedCases, transaction: ReaderTransaction) => Promise<T>): Promise<T> => asReader(db, who, purpose, clock, (transaction) => work(casesWithin(transaction, clock), transaction));
  const sealedTo = ({ who, purpose }: Asking, keys: readonly string[]) => findSealedTo(db, { who, purpose, at: clock.now() }, { source, keys });

  const page = (asking: Asking, asked: Parameters<GovernedCases['listCases']>[0]) => run(asking, async (cases, transaction) => {
    const found = await cases.listCases(asked);
    const standings = await cases.standings(found.map(({ caseId }) => caseId));
    const subjects = new Map<string, Subject>();
    for (const { personKey } of found) if (!subjects.has(personKey)) subjects.set(personKey, await findSubject(transaction, personKey));
    return found.map((file) => ({ file, by: allowedBy(asking, { relation: standings.get(file.caseId)?.relation ?? 'none', subject: subjects.get(file.personKey)!, at: clock.now() })('file', file.holder) }));
  });
  const listed = (some: Awaited<ReturnType<typeof page>>): ListedCases => ({ cases: some.map(({ file }) => file), basis: basisOf(some.map(({ by }) => by)) });

  const find: CaseDesk['find'] = async (asking, caseId) => {
    if (!isRowId(caseId)) return undefined;
    // The same is asked whether there is a case or none, or one that a seal closes, so that the work does not tell which it is.
    const found = await run(asking, async (cases, transaction) => {
      const opened = await cases.openCase(caseId);
      const personKey = opened && (opened.file ?? opened.entries[0] ?? opened.members[0])?.personKey;
      const standing = (await cases.standings([caseId])).get(caseId) ?? { relation: 'none' as const, writes: [], mayLead: false };
      const subject = await findSubject(transaction, personKey ?? noPerson);
      return opened && personKey !== undefined ? { ...opened, ...standing, caseId, personKey, subject } : undefined;
    });
    const sealed = await sealedTo(asking, [found?.personKey ?? noPerson]);
    if (!found || sealed.size > 0) return undefined;
    const { subject, ...opened } = found;
    const by = allowedBy(asking, { relation: opened.relation, subject, at: clock.now() });
    const { file, members, entries } = opened;
    return { ...opened, by, basis: basisOf([...(file ? [by('file', file.holder)] : []), ...(file && members.length > 0 ? [by('members', file.holder)] : []), ...entries.map(({ section, holder }) => by(section, holder))]) };
  };

  const ofPerson: CaseDesk['ofPerson'] = async (asking, personKey) => {
    const keys = isPersonKey(personKey) ? await source.find(personKey) : undefined;
    const found = await page(asking, { limit: mostOfPerson, personKeys: [...new Set([personKey, ...(keys?.meaning ?? [])])] });
    const sealed = await sealedTo(asking, found.map(({ file }) => file.personKey));
    return listed(found.filter(({ file }) => !sealed.has(file.personKey)));
  };

  const mayBegin: CaseDesk['mayBegin'] = async (asking, personKey, shown) => {
    const { who, purpose, index } = asking;
    if (!isPersonKey(personKey) || who.agency === '') return false;
    const given = decide(index, { who, relation: 'agency', purpose, item: { key: 'case/file', form: 'identified', holder: who.agency }, subject: { sealed: false, keeper: false, brokenUntil: null }, at: clock.now() });
    if (!given.allowed) return false;
    const { cases } = shown ?? (await ofPerson(asking, personKey));
    if (cases.some(({ status, holder }) => status === 'open' && holder === who.agency)) return false;
    return shown !== undefined || cases.length > 0 || (await people.find(asking, personKey)).kind === 'record';
  };

  /** Everything is kept with its row of the audit, or nothing is: also where the work itself finds that it may not be. `undo` is for what no transaction takes back. */
  const act = async (asking: Asking, action: string, basis: string | undefined, work: (cases: GovernedCases) => Promise<{ caseId: string; ids: string[] } | undefined>, undo = async (): Promise<void> => undefined): Promise<CaseOutcome> => {
    const audited = async (cases: GovernedCases, transaction: ReaderTransaction) => {
      const done = await work(cases);
      if (!done) throw new NotDone();
      const { who, purpose } = asking;
      await recordAuditEvent(transaction, clock, { ...auditActor(who), action, outcome: 'done', subjectKind: 'case', subjectIds: done.ids, ...(purpose === null ? {} : { purpose }), ...(basis ? { basis } : {}) });
      return { ok: true as const, caseId: done.caseId };
    };
    try {
      return await run(asking, async (cases, transaction) => {
        try {
          return await audited(cases, transaction);
        } catch (error) {
          await undo();
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof NotDone || isRefusal(error)) return { ok: false };
      throw error;
    }
  };
  /** In a case that the reader may open; what allows the act is the clause of the section that it is about. */
  const actIn = async (asking: Asking, action: string, caseId: string, about: string | ((opened: OpenedCase) => string | undefined), work: (cases: GovernedCases, opened: OpenedCase) => Promise<string[] | undefined>, undo?: () => Promise<void>): Promise<CaseOutcome> => {
    const opened = await find(asking, caseId);
    const section = opened && (typeof about === 'string' ? about : about(opened));
    if (!opened || section === undefined) return { ok: false };
    const by = opened.by(section, section === 'lead' ? (opened.file?.holder ?? '') : asking.who.agency);
    return act(asking, action, by && basisOf([by]), async (cases) => {
      const ids = await work(cases, opened);
      return ids && { caseId, ids: [...ids, caseId, opened.personKey] };
    }, undo);
  };
  /** Whoever calls: no count or score of what somebody lived through is kept where their words are to stand. */
  const addEntry = async (cases: GovernedCases, entry: { caseId: string; section: string; text: string }): Promise<string | undefined> => {
    const added = tellsScore(entry.section, entry.text) ? undefined : await cases.addEntry(entry);
    return added?.ok ? added.entryId : undefined;
  };
  const isOpen = ({ file }: OpenedCase) => file?.status === 'open';

  return {
    async list(asking, { limit, after, status, own }) {
      const shown: Awaited<ReturnType<typeof page>> = [];
      for (let from = after; ;) {
        const found = await page(asking, { limit, status, own, ...(from ? { after: from } : {}) });
        const sealed = await sealedTo(asking, found.map(({ file }) => file.personKey));
        shown.push(...found.filter(({ file }) => !sealed.has(file.personKey)));
        const last = found.at(-1)?.file;
        if (shown.length >= limit || found.length < limit || !last) return listed(shown.slice(0, limit));
        from = { at: last.openedAt, id: last.caseId };
      }
    },
    find,
    ofPerson,
    mayBegin,
    async begin(asking, { personKey: known, referral }) {
      if (!(await mayBegin(asking, known))) return { ok: false };
      const { personKey, meaning } = (await source.find(known)) ?? { personKey: known, meaning: [known] };
      return act(asking, 'case.begin', undefined, async (cases) => {
        // Who began one at the same moment is waited for, and then is seen.
        await cases.holdPerson(personKey);
        const others = await cases.listCases({ limit: mostOfPerson, status: 'open', personKeys: [...new Set([known, ...meaning])] });
        if (others.some(({ holder }) => holder === asking.who.agency)) return undefined;
        const begun = await cases.startCase(personKey);
        const entryId = begun.ok ? await addEntry(cases, { caseId: begun.caseId, section: openingSection, text: referral }) : undefined;
        return begun.ok && entryId !== undefined ? { caseId: begun.caseId, ids: [begun.caseId, personKey] } : undefined;
      });
    },
    write: (asking, { caseId, section, text }) => actIn(asking, 'case.write', caseId, section, async (cases) => {
      const entryId = await addEntry(cases, { caseId, section, text });
      return entryId === undefined ? undefined : [entryId];
    }),
    assignLead: (asking, { caseId, ...lead }) => actIn(asking, 'case.lead', caseId, 'lead', async (cases, opened) => (isOpen(opened) && (await cases.assignLead([caseId], lead)).length > 0 ? [] : undefined)),
    addMember: (asking, { caseId, ...member }) => actIn(asking, 'case.add-member', caseId, 'lead', async (cases, opened) => {
      const working = opened.members.some(({ userId, agency, until }) => until === null && userId === member.userId && agency === member.agency);
      return isOpen(opened) && !working && (await cases.addMember(caseId, member)).ok ? [] : undefined;
    }),
    endMember: (asking, { caseId, caseMemberId }) => actIn(asking, 'case.end-member', caseId, 'lead', async (cases, opened) => {
      const isWorking = opened.members.some((member) => member.caseMemberId === caseMemberId && member.until === null);
      return isOpen(opened) && isWorking && (await cases.endMember(caseMemberId)).ok ? [caseMemberId] : undefined;
    }),
    close: (asking, { caseId, reason }) => actIn(asking, 'case.close', caseId, 'lead', async (cases) => {
      const entryId = await addEntry(cases, { caseId, section: closingSection, text: reason });
      return entryId !== undefined && (await cases.closeCase(caseId)).ok ? [entryId] : undefined;
    }),
    ...attachmentActs({ clock, files: attachments, find, run, actIn, basisOf: (by) => basisOf([by]) }),
  };
}

type Subject = NonNullable<AccessRequest['subject']>;

/** Ends a transaction of which nothing is to be kept. */
class NotDone extends Error {}

const allowedBy = ({ index, who, purpose }: Asking, { relation, subject, at }: { relation: Relation; subject: Subject; at: number }) => (section: string, holder: string): Allowed | undefined => {
  const decision = decide(index, { who, relation, purpose, item: { key: `case/${section}`, form: 'identified', holder }, subject, at });
  return decision.allowed ? decision : undefined;
};

const basisOf = (some: readonly (Allowed | undefined)[]): string => writeBasis(some.flatMap((by) => (by === undefined ? [] : [by.by === 'clause' ? writeClauseRef(by.clause) : by.by])));
