// Files that belong to entries: attached by the entry's own agency where the reader may write, opened by whoever sees the entry. The database decides
// both. Its bytes are on the disk before a row is kept, and are checked against the row whenever they are read.

import { createHash } from 'node:crypto';
import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type AttachmentFiles } from '../store/index.ts';
import { checkAttachment, type AttachmentFault, type OfferedFile } from './attachment-kind.ts';
import type { CaseAttachment, CaseEntry, GovernedCases } from './governed-case.store.ts';
import { readHeldFile, type LostAttachment } from './held-file.ts';
import type { CaseOutcome, OpenedCase } from './opened-case.ts';
import type { Asking } from './person-record.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';

export type AttachOutcome = CaseOutcome | { ok: false; fault: AttachmentFault };

export type OpenedAttachment = { kind: 'file'; attachment: CaseAttachment; content: Buffer } | { kind: 'lost'; attachment: CaseAttachment; why: LostAttachment };

export interface AttachmentActs {
  /** To an entry of the reader's agency, in a section in which they may write. */
  attach(asking: Asking, file: OfferedFile & { caseId: string; entryId: string }): Promise<AttachOutcome>;
  /** Undefined where it is not there, or not the reader's. */
  openAttachment(asking: Asking, asked: { caseId: string; attachmentId: string }): Promise<OpenedAttachment | undefined>;
}

/** Whether the reader may attach a file to an entry of a case that they have open. */
export const mayAttachTo = ({ who }: Pick<Asking, 'who'>, { writes }: Pick<OpenedCase, 'writes'>, { holder, section }: Pick<CaseEntry, 'holder' | 'section'>): boolean => holder === who.agency && writes.includes(section);

interface CaseActs {
  clock: Clock;
  files: AttachmentFiles;
  find(asking: Asking, caseId: string): Promise<OpenedCase | undefined>;
  run<T>(asking: Asking, work: (cases: GovernedCases, transaction: ReaderTransaction) => Promise<T>): Promise<T>;
  /** An act with its row of the audit; `undo` is for what no transaction takes back. */
  actIn(asking: Asking, action: string, caseId: string, section: (opened: OpenedCase) => string | undefined, work: (cases: GovernedCases, opened: OpenedCase) => Promise<string[] | undefined>, undo: () => Promise<void>): Promise<CaseOutcome>;
  basisOf(by: ReturnType<OpenedCase['by']>): string;
}

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

export function attachmentActs({ clock, files, find, run, actIn, basisOf }: CaseActs): AttachmentActs {
  return {
    async attach(asking, { caseId, entryId, fileName, content }) {
      const checked = checkAttachment({ fileName, content });
      if (!checked.ok) return checked;
      const entryOf = (opened: OpenedCase) => opened.entries.find((entry) => entry.entryId === entryId && mayAttachTo(asking, opened, entry));
      const written: string[] = [];
      const outcome = await actIn(asking, 'case.attach', caseId, (opened) => entryOf(opened)?.section, async (cases) => {
        const added = await cases.addAttachment({ entryId, fileName: checked.fileName, mediaType: checked.mediaType, bytes: content.length, sha256: digestOf(content) });
        if (!added.ok) return undefined;
        written.push(added.attachmentId);
        await files.write(added.attachmentId, content);
        return [added.attachmentId, entryId];
      }, () => files.remove(written));
      // Where this cannot be done now it is done later: the file is found under either name.
      if (outcome.ok) await files.settle(written).catch(() => undefined);
      return outcome;
    },
    async openAttachment(asking, { caseId, attachmentId }) {
      const opened = await find(asking, caseId);
      const attachment = opened?.attachments.find((each) => each.attachmentId === attachmentId);
      if (!opened || !attachment) return undefined;
      const content = readHeldFile(files, attachmentId, attachment.sha256);
      const lost = typeof content === 'string';
      const told = await run(asking, async (cases, transaction) => {
        if (!(await cases.listAttachments(caseId)).some((each) => each.attachmentId === attachmentId)) return false;
        const { who, purpose } = asking;
        const basis = basisOf(opened.by(attachment.section, attachment.holder));
        await recordAuditEvent(transaction, clock, { ...auditActor(who), action: 'case.open-attachment', outcome: lost ? 'failed' : 'done', subjectKind: 'case', subjectIds: [attachmentId, caseId, opened.personKey], ...(purpose === null ? {} : { purpose }), ...(basis ? { basis } : {}) });
        return true;
      });
      if (!told) return undefined;
      return lost ? { kind: 'lost', attachment, why: content } : { kind: 'file', attachment, content };
    },
  };
}
