// Cases as a reader may have them: list, search, open, read in bulk, assign, add, export, count. None of it says who may see what: the database
// does, row by row. What a reader may not have is not there, however it is asked for, and an id that is not theirs looks like no id at all.

import { sql, type Selectable } from 'kysely';
import type { Clock } from '../core/index.ts';
import type { Casework, CaseAttachmentTable, CaseEntryTable, CaseFileTable, CaseMemberTable } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import type { Relation } from './agreement.ts';
import { asReader, isRefusal, isRowId, type ReaderTransaction } from './reader-transaction.store.ts';
import { uncountedSections } from './score-of-a-person.ts';

export interface CaseFile {
  caseId: string;
  personKey: string;
  /** The agency that holds the case. */
  holder: string;
  status: 'open' | 'closed';
  lead: { userId: string; agency: string } | null;
  /** Milliseconds since the epoch, as are all times here. */
  openedAt: number;
  /** Null where it is open, or was closed on a day that was not kept. */
  closedAt: number | null;
}

export interface CaseMember {
  caseMemberId: string;
  caseId: string;
  personKey: string;
  userId: string;
  agency: string;
  since: number;
  until: number | null;
}

export interface CaseEntry {
  entryId: string;
  caseId: string;
  personKey: string;
  section: string;
  /** The agency whose entry it is. */
  holder: string;
  author: string;
  text: string;
  createdAt: number;
}

export interface CaseAttachment {
  attachmentId: string;
  entryId: string;
  caseId: string;
  section: string;
  holder: string;
  fileName: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  addedBy: string;
  addedAt: number;
}

/** A place in a list, newest first: the last row of the page before. */
export interface After {
  at: number;
  id: string;
}

export interface CasePage {
  limit: number;
  after?: After;
  lead?: string;
  status?: CaseFile['status'];
  /** Only those that the reader leads or is a member of. */
  own?: boolean;
  /** Only those about people under these keys. */
  personKeys?: readonly string[];
}

/** How a reader stands to a case, and what they may do in it. */
export interface CaseStanding {
  relation: Relation;
  /** Sections in which they may write. */
  writes: string[];
  /** They may say who leads the case and who works on it, and close it. */
  mayLead: boolean;
}

/** Of all that these find, a reader is given what the decision allows. */
export interface GovernedCases {
  listCases(page: CasePage): Promise<CaseFile[]>;
  /** By case; those in which they have nothing are left out. */
  standings(caseIds: readonly string[]): Promise<Map<string, CaseStanding>>;
  listEntries(page: { limit: number; after?: After }): Promise<CaseEntry[]>;
  /** Entries whose text begins so, in the order of their text; or those about a person, newest first. */
  searchEntries(by: { prefix: string; limit: number } | { personKey: string; limit: number }): Promise<CaseEntry[]>;
  /** What of the case may be seen: its parts are decided one by one. Undefined where there is nothing. */
  openCase(caseId: string): Promise<{ file: CaseFile | undefined; members: CaseMember[]; entries: CaseEntry[]; attachments: CaseAttachment[] } | undefined>;
  readInBulk(caseIds: readonly string[]): Promise<CaseEntry[]>;
  /** Makes someone the lead of cases; gives the ids of those that now have them. */
  assignLead(caseIds: readonly string[], lead: { userId: string; agency: string }): Promise<string[]>;
  addMember(caseId: string, member: { userId: string; agency: string }): Promise<{ ok: boolean }>;
  endMember(caseMemberId: string): Promise<{ ok: boolean }>;
  /** Closes an open case: who may give it another lead may. */
  closeCase(caseId: string): Promise<{ ok: boolean }>;
  /** Until the transaction ends, nobody else begins a case of the reader's agency about the person, whose key is the one of now. */
  holdPerson(personKey: string): Promise<void>;
  /** Begins a case that the reader's agency holds. */
  startCase(personKey: string): Promise<{ ok: true; caseId: string } | { ok: false; reason: 'refused' }>;
  addEntry(entry: { caseId: string; section: string; text: string }): Promise<{ ok: true; entryId: string } | { ok: false; reason: 'refused' }>;
  addAttachment(file: { entryId: string; fileName: string; mediaType: string; bytes: number; sha256: string }): Promise<{ ok: true; attachmentId: string } | { ok: false; reason: 'refused' }>;
  /** Rows for a file, in a fixed order. */
  exportEntries(filter: { section?: string; personKey?: string }): Promise<CaseEntry[]>;
  /** Leaves out what people tell of their lives: see uncountedSections. */
  countEntries(): Promise<{ holder: string; section: string; entries: number }[]>;
  listAttachments(caseId: string): Promise<CaseAttachment[]>;
}

type Run = <T>(work: (transaction: ReaderTransaction) => Promise<T>) => Promise<T>;

/** The cases of a store, for one reader and the purpose that they stated; each call is a transaction of its own. */
export function readerCases(db: Casework['db'], clock: Clock, reader: Reader, purpose: string | null): GovernedCases {
  return casesBy((work) => asReader(db, reader, purpose, clock, work), clock);
}

/** The same within one transaction of a reader, for several reads that belong together. What is refused ends it. */
export function casesWithin(transaction: ReaderTransaction, clock: Clock): GovernedCases {
  return casesBy((work) => work(transaction), clock);
}

function casesBy(run: Run, clock: Clock): GovernedCases {
  const add = (id: string, work: (transaction: ReaderTransaction) => Promise<string>) => (isRowId(id) ? orRefused(() => run(work)) : Promise.resolve(undefined));
  return {
    listCases: (page) => run((transaction) => listCases(transaction, page)),
    standings: (caseIds) => run((transaction) => listStandings(transaction, caseIds)),
    listEntries: (page) => run((transaction) => listEntries(transaction, page)),
    searchEntries: (by) => run((transaction) => searchEntries(transaction, by)),
    openCase: (caseId) => run((transaction) => openCase(transaction, caseId)),
    readInBulk: (caseIds) => run((transaction) => readInBulk(transaction, caseIds)),
    assignLead: (caseIds, lead) => run((transaction) => assignLead(transaction, caseIds, lead)),
    addMember: async (caseId, { userId, agency }) => ({ ok: (await add(caseId, (transaction) => addMember(transaction, { caseId, userId, agency }))) !== undefined }),
    endMember: (caseMemberId) => run(async (transaction) => ({ ok: await endMember(transaction, caseMemberId, clock) })),
    closeCase: (caseId) => run(async (transaction) => ({ ok: await closeCase(transaction, caseId) })),
    holdPerson: (personKey) => run((transaction) => holdPerson(transaction, personKey)),
    startCase: async (personKey) => {
      const caseId = await orRefused(() => run((transaction) => startCase(transaction, personKey)));
      return caseId === undefined ? { ok: false, reason: 'refused' } : { ok: true, caseId };
    },
    addEntry: async (entry) => {
      const entryId = await add(entry.caseId, (transaction) => addEntry(transaction, entry));
      return entryId === undefined ? { ok: false, reason: 'refused' } : { ok: true, entryId };
    },
    addAttachment: async (file) => {
      const attachmentId = await add(file.entryId, (transaction) => addAttachment(transaction, file));
      return attachmentId === undefined ? { ok: false, reason: 'refused' } : { ok: true, attachmentId };
    },
    exportEntries: (filter) => run((transaction) => exportEntries(transaction, filter)),
    countEntries: () => run(countEntries),
    listAttachments: (caseId) => run((transaction) => listAttachments(transaction, caseId)),
  };
}

/** Undefined where the policies refused: then nothing was kept. */
async function orRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

const fileColumns = ['case_id', 'person_key', 'holder', 'status', 'lead_user', 'lead_agency', 'opened_at', 'closed_at'] as const;
const memberColumns = ['case_member_id', 'case_id', 'person_key', 'user_id', 'agency', 'since', 'until'] as const;
const entryColumns = ['entry_id', 'case_id', 'person_key', 'section', 'holder', 'author', 'text', 'created_at'] as const;
const attachmentColumns = ['attachment_id', 'entry_id', 'case_id', 'section', 'holder', 'file_name', 'media_type', 'bytes', 'sha256', 'added_by', 'added_at'] as const;

async function listCases(db: ReaderTransaction, { limit, after, lead, status, own, personKeys }: CasePage): Promise<CaseFile[]> {
  if (personKeys?.length === 0) return [];
  let query = db.selectFrom('case_file').select(fileColumns).orderBy('opened_at', 'desc').orderBy('case_id').limit(limit);
  if (lead !== undefined) query = query.where('lead_user', '=', lead);
  if (status !== undefined) query = query.where('status', '=', status);
  if (own) query = query.where(sql<boolean>`case_id in (select reader_own_cases())`);
  if (personKeys) query = query.where('person_key', 'in', personKeys);
  if (after) query = query.where((e) => e.or([e('opened_at', '<', new Date(after.at)), e.and([e('opened_at', '=', new Date(after.at)), e('case_id', '>', after.id)])]));
  return (await query.execute()).map(presentFile);
}

async function listStandings(db: ReaderTransaction, caseIds: readonly string[]): Promise<Map<string, CaseStanding>> {
  const { rows } = await sql<{ case_id: string; standing: Relation; may: string[] }>`select c.case_id, r.standing, r.may from unnest(${caseIds.filter(isRowId)}::uuid[]) as c(case_id) cross join lateral reader_case(c.case_id) r`.execute(db);
  return new Map(rows.map(({ case_id, standing, may }) => [case_id, { relation: standing, writes: may.filter((item) => item !== leadItem).map((item) => item.slice('case/'.length)), mayLead: may.includes(leadItem) }]));
}

const leadItem = 'case/lead';

async function listEntries(db: ReaderTransaction, { limit, after }: { limit: number; after?: After }): Promise<CaseEntry[]> {
  let query = db.selectFrom('case_entry').select(entryColumns).orderBy('created_at', 'desc').orderBy('entry_id').limit(limit);
  if (after) query = query.where((e) => e.or([e('created_at', '<', new Date(after.at)), e.and([e('created_at', '=', new Date(after.at)), e('entry_id', '>', after.id)])]));
  return (await query.execute()).map(presentEntry);
}

/** Beyond every text that begins with the prefix, in the order of code points. */
const farthest = '\u{10FFFF}';
/** The database keeps this many characters of each text for the search. */
const searched = 100;

async function searchEntries(db: ReaderTransaction, by: { prefix: string; limit: number } | { personKey: string; limit: number }): Promise<CaseEntry[]> {
  let query = db.selectFrom('case_entry').select(entryColumns).limit(by.limit);
  if ('personKey' in by) query = query.where('person_key', '=', by.personKey).orderBy('created_at', 'desc').orderBy('entry_id');
  else {
    const prefix = by.prefix.slice(0, searched).toLowerCase();
    query = query.where('search_text', '>=', prefix).where('search_text', '<', prefix + farthest).orderBy('search_text').orderBy('entry_id');
  }
  return (await query.execute()).map(presentEntry);
}

async function openCase(db: ReaderTransaction, caseId: string): ReturnType<GovernedCases['openCase']> {
  if (!isRowId(caseId)) return undefined;
  const file = await db.selectFrom('case_file').select(fileColumns).where('case_id', '=', caseId).executeTakeFirst();
  const members = await db.selectFrom('case_member').select(memberColumns).where('case_id', '=', caseId).orderBy('since').orderBy('case_member_id').execute();
  const entries = await db.selectFrom('case_entry').select(entryColumns).where('case_id', '=', caseId).orderBy('created_at').orderBy('entry_id').execute();
  const attachments = await listAttachments(db, caseId);
  if (!file && members.length + entries.length + attachments.length === 0) return undefined;
  return { file: file && presentFile(file), members: members.map(presentMember), entries: entries.map(presentEntry), attachments };
}

async function readInBulk(db: ReaderTransaction, caseIds: readonly string[]): Promise<CaseEntry[]> {
  const ids = caseIds.filter(isRowId);
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('case_entry').select(entryColumns).where('case_id', 'in', ids).orderBy('case_id').orderBy('created_at').orderBy('entry_id').execute();
  return rows.map(presentEntry);
}

async function assignLead(db: ReaderTransaction, caseIds: readonly string[], lead: { userId: string; agency: string }): Promise<string[]> {
  const ids = caseIds.filter(isRowId);
  if (ids.length === 0) return [];
  const rows = await db.updateTable('case_file').set({ lead_user: lead.userId, lead_agency: lead.agency }).where('case_id', 'in', ids).returning('case_id').execute();
  return rows.map(({ case_id }) => case_id).toSorted();
}

/** Without `returning`, which would ask whether the reader may also see who works on the case. */
async function addMember(db: ReaderTransaction, { caseId, userId, agency }: { caseId: string; userId: string; agency: string }): Promise<string> {
  await db.insertInto('case_member').values({ case_id: caseId, user_id: userId, agency }).execute();
  return caseId;
}

async function endMember(db: ReaderTransaction, caseMemberId: string, clock: Clock): Promise<boolean> {
  if (!isRowId(caseMemberId)) return false;
  const { numUpdatedRows } = await db.updateTable('case_member').set({ until: new Date(clock.now()) }).where('case_member_id', '=', caseMemberId).executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function closeCase(db: ReaderTransaction, caseId: string): Promise<boolean> {
  if (!isRowId(caseId)) return false;
  const { numUpdatedRows } = await db.updateTable('case_file').set({ status: 'closed' }).where('case_id', '=', caseId).where('status', '=', 'open').executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function holdPerson(db: ReaderTransaction, personKey: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('case ' || reader_agency() || ' ' || ${personKey}::text, 0))`.execute(db);
}

async function startCase(db: ReaderTransaction, personKey: string): Promise<string> {
  const { case_id } = await db.insertInto('case_file').values({ person_key: personKey }).returning('case_id').executeTakeFirstOrThrow();
  return case_id;
}

async function addEntry(db: ReaderTransaction, { caseId, section, text }: { caseId: string; section: string; text: string }): Promise<string> {
  const { entry_id } = await db.insertInto('case_entry').values({ case_id: caseId, section, text }).returning('entry_id').executeTakeFirstOrThrow();
  return entry_id;
}

async function addAttachment(db: ReaderTransaction, { entryId, fileName, mediaType, bytes, sha256 }: Parameters<GovernedCases['addAttachment']>[0]): Promise<string> {
  const values = { entry_id: entryId, file_name: fileName, media_type: mediaType, bytes, sha256 };
  const { attachment_id } = await db.insertInto('case_attachment').values(values).returning('attachment_id').executeTakeFirstOrThrow();
  return attachment_id;
}

async function exportEntries(db: ReaderTransaction, { section, personKey }: { section?: string; personKey?: string }): Promise<CaseEntry[]> {
  let query = db.selectFrom('case_entry').select(entryColumns).orderBy('case_id').orderBy('created_at').orderBy('entry_id');
  if (section !== undefined) query = query.where('section', '=', section);
  if (personKey !== undefined) query = query.where('person_key', '=', personKey);
  return (await query.execute()).map(presentEntry);
}

function countEntries(db: ReaderTransaction): Promise<{ holder: string; section: string; entries: number }[]> {
  return db.selectFrom('case_entry').select(['holder', 'section', (e) => e.fn.countAll<number>().as('entries')]).where('section', 'not in', uncountedSections).groupBy(['holder', 'section']).orderBy('holder').orderBy('section').execute();
}

async function listAttachments(db: ReaderTransaction, caseId: string): Promise<CaseAttachment[]> {
  if (!isRowId(caseId)) return [];
  const rows = await db.selectFrom('case_attachment').select(attachmentColumns).where('case_id', '=', caseId).orderBy('added_at').orderBy('attachment_id').execute();
  return rows.map(presentAttachment);
}

type Row<T, K extends readonly string[]> = Pick<Selectable<T>, K[number] & keyof Selectable<T>>;

function presentFile(row: Row<CaseFileTable, typeof fileColumns>): CaseFile {
  const { lead_user, lead_agency } = row;
  return { caseId: row.case_id, personKey: row.person_key, holder: row.holder, status: row.status, lead: lead_user === null ? null : { userId: lead_user, agency: lead_agency! }, openedAt: row.opened_at.getTime(), closedAt: row.closed_at?.getTime() ?? null };
}

function presentMember(row: Row<CaseMemberTable, typeof memberColumns>): CaseMember {
  return { caseMemberId: row.case_member_id, caseId: row.case_id, personKey: row.person_key, userId: row.user_id, agency: row.agency, since: row.since.getTime(), until: row.until?.getTime() ?? null };
}

function presentEntry(row: Row<CaseEntryTable, typeof entryColumns>): CaseEntry {
  return { entryId: row.entry_id, caseId: row.case_id, personKey: row.person_key, section: row.section, holder: row.holder, author: row.author, text: row.text, createdAt: row.created_at.getTime() };
}

function presentAttachment(row: Row<CaseAttachmentTable, typeof attachmentColumns>): CaseAttachment {
  return {
    attachmentId: row.attachment_id, entryId: row.entry_id, caseId: row.case_id, section: row.section, holder: row.holder,
    fileName: row.file_name, mediaType: row.media_type, bytes: row.bytes, sha256: row.sha256, addedBy: row.added_by, addedAt: row.added_at.getTime(),
  };
}
