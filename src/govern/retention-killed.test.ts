import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newAttachmentHome, smallPdf } from '../../test/support/attachment-home.ts';
import { governance, governedStart } from '../../test/support/governed-people.ts';
import { openGovernedStore } from '../../test/support/governed-store.ts';
import { noLoads } from '../../test/support/memory-loads.ts';
import { describeStores } from '../../test/support/stores.ts';
import { findHeldAttachments, listAuditEvents, openCasework } from '../store/index.ts';
import { openRetention, readRetention } from './index.ts';

const clock = { now: () => governedStart };
const caseId = '00000001-0000-4000-8000-000000000000';
const nobody = { find: async () => undefined, keysOf: async () => [], now: async () => [], rows: async () => [], states: async () => [] };
const attachmentId = '0000000a-0000-4000-8000-000000000000';

describeStores('a process that is killed while it destroys', (stores) => {
  it('leaves the case whole without a certificate, or a certificate and the audit without the case', async () => {
    const place = await stores.readyPlace();
    const { home, files } = newAttachmentHome();
    const given = { retention: readRetention(undefined).value, source: nobody, feeds: [], attachments: files, loads: noLoads };
    const killed = (when: 'before' | 'after', proposalId: string) => spawnSync(process.execPath, [join(import.meta.dirname, '../../test/support/killed-destruction.ts'), when, proposalId, place.folder ?? place.url!, home.dir], { encoding: 'utf8' });
    const store = await openGovernedStore({ readyPlace: async () => place }, clock);
    await store.asOwner(`insert into case_file (case_id, person_key, holder, status, opened_at, closed_at) values ('${caseId}', 'P1', 'early-help', 'closed', '1990-01-10', '1995-01-10');
      insert into case_entry (entry_id, case_id, section, holder, author, text, created_at) values ('${caseId}', '${caseId}', 'plan', 'early-help', 'practitioner', 'x', '1990-02-10');
      insert into case_attachment (attachment_id, entry_id, file_name, media_type, bytes, sha256, added_by, added_at) values ('${attachmentId}', '${caseId}', 'letter.pdf', 'application/pdf', 5, '${'0'.repeat(64)}', 'practitioner', '1990-02-10')`);
    await files.write(attachmentId, smallPdf);
    await files.settle([attachmentId]);
    const proposed = await openRetention(store.casework.db, clock, given).propose(governance, { caseId, reason: 'x' });
    if (!proposed.ok) throw new Error(proposed.reason);
    await store.casework.close();
    const left = async () => {
      const casework = await openCasework({ ...place, clock });
      try {
        const desk = openRetention(casework.db, clock, given);
        const file = (await desk.findProposal(governance, proposed.id))!;
        const before = files.read(attachmentId) !== undefined;
        await files.sweep(Infinity, (ids) => findHeldAttachments(casework.db, ids));
        return { file: [before, files.read(attachmentId)?.equals(smallPdf) ?? false], rows: file.rows.length, certificates: (await desk.listCertificates(governance, { most: 10 })).length, audited: (await listAuditEvents(casework.db, { subjectId: caseId, limit: 10 })).map(({ action }) => action) };
      } finally {
        await casework.close();
      }
    };
    expect(killed('before', proposed.id)).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    expect(await left()).toEqual({ file: [true, true], rows: 3, certificates: 0, audited: ['retention.propose'] });
    expect(killed('after', proposed.id)).toMatchObject({ signal: 'SIGKILL', stdout: '{"ok":true,"id":"1"}' });
    expect(await left()).toEqual({ file: [true, false], rows: 0, certificates: 1, audited: ['retention.destroy', 'retention.propose'] });
  }, 120_000);
});
