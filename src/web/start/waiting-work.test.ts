import { describe, expect, test } from 'vitest';
import { memoryAgreements } from '../../../test/support/memory-agreements.ts';
import { openTestServer, signedInAs } from '../../../test/support/web-server.ts';
import { fixedClock, type Role } from '../../core/index.ts';
import { contentFromTemplate, readAgreementPacks, type Reader } from '../../govern/index.ts';
import { listWaitingWork, type WaitingSources } from './waiting-work.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const packs = readAgreementPacks(undefined);
const who = (role: Role, agency = 'council', userId = 'me'): Reader => ({ userId, role, agency });
const saysOf = async (reader: Reader, sources: WaitingSources, failures: unknown[] = []) => (await listWaitingWork(clock, reader, sources, (error) => failures.push(error))).map(({ page, href, says }) => [page, href, says]);

async function draftTwo() {
  const register = memoryAgreements(clock);
  const ids: string[] = [];
  for (const template of ['understand-demand-and-harm', 'early-help-for-families']) {
    const drafted = await register.draft(contentFromTemplate(packs.templates.get(template)!, '2026-11-24'), who('governance-lead'));
    if (!drafted.ok) throw new Error('Not drafted');
    ids.push(drafted.agreementId);
  }
  return { register, ids };
}
/** As the desks give them, as far as it counts here. */
const desks = ({ proposers = [], ofFiles = [], ofRecords = [], due = [], decisions = 0, toDecide = {} }: { proposers?: string[]; ofFiles?: string[]; ofRecords?: string[]; due?: (string | null)[]; decisions?: number; toDecide?: { cases?: object[]; files?: object[]; records?: object[] } }) => ({
  retention: {
    listProposals: async () => proposers.map((proposedBy) => ({ proposedBy })), queue: async () => ({ due: toDecide.cases ?? [] }),
    loads: { listProposals: async () => ofFiles.map((proposedBy) => ({ proposedBy })), queue: async () => ({ due: toDecide.files ?? [] }) },
    records: { listProposals: async () => ofRecords.map((proposedBy) => ({ proposedBy })), queue: async () => ({ due: toDecide.records ?? [] }) },
  },
  subjectAccess: { list: async () => [...due.map((dueOn) => ({ state: dueOn === null ? 'identity' : 'open', dueOn })), { state: 'released', dueOn: '2020-01-01' }] },
  shareRecords: { list: async (_asking: unknown, { limit, waiting }: { limit: number; waiting?: boolean }) => (waiting ? Array.from({ length: Math.min(decisions, limit) }) : []) },
}) as unknown as WaitingSources;

describe('what waits', () => {
  test('for a signatory is what their agency has not signed: one leads to its page, several to the list, none to nothing', async () => {
    const { register, ids } = await draftTwo();
    const [both, one] = [who('signatory', 'police'), who('signatory', 'scrutiny-panel')];
    expect(await saysOf(both, { register })).toEqual([['Agreements', '/govern/agreements', '2 wait for your signature']]);
    expect(await saysOf(one, { register })).toEqual([['Agreements', `/govern/agreements/${ids[0]}/sign`, '1 waits for your signature']]);
    expect((await register.sign(ids[0]!, 1, one)).ok).toBe(true);
    expect(await saysOf(one, { register })).toEqual([]);
    expect(await saysOf(who('signatory', 'housing-of-elsewhere'), { register })).toEqual([]);
    await register.end(ids[0]!, who('governance-lead'), 'No longer needed');
    expect(await saysOf(both, { register })).toEqual([['Agreements', `/govern/agreements/${ids[1]}/sign`, '1 waits for your signature']]);
  });

  test('for an information governance lead is what somebody else began, what is asked by when, and what is not signed', async () => {
    const { register } = await draftTwo();
    expect(await saysOf(who('governance-lead'), { register, ...desks({ proposers: ['other', 'me', 'third'], ofFiles: ['other', 'me'], due: ['2026-12-20', '2026-12-03', null], decisions: 1 }) })).toEqual([
      ['Agreements', '/govern/agreements', '2 are not signed by all parties'],
      ['Retention', '/govern/retention', '2 proposals to destroy cases wait for a second person'],
      ['Retention', '/govern/retention', '1 proposal to destroy a file waits for a second person'],
      ['Subject access', '/govern/subject-access', '3 requests are not answered, the first due by 3 December 2026'],
      ['Decisions to share', '/govern/share-records?show=waiting', '1 waits for your review'],
    ]);
    expect(await saysOf(who('governance-lead'), desks({ proposers: ['me'], decisions: 500 }))).toEqual([['Decisions to share', '/govern/share-records?show=waiting', 'more than 99 wait for your review']]);
  });

  test('is told to nobody else, and one source that fails keeps back no other', async () => {
    const { register } = await draftTwo();
    for (const role of ['analyst', 'hub-coordinator', 'referrer', 'panel-member'] as const) expect(await saysOf(who(role), { register, ...desks({ proposers: ['other'], due: ['2026-12-03'], decisions: 3 }) })).toEqual([]);
    const failures: unknown[] = [];
    const broken = { ...desks({ due: ['2026-12-03'] }), retention: { ...desks({ ofFiles: ['other'] }).retention, listProposals: () => Promise.reject(new Error('store away')) } } as WaitingSources;
    expect(await saysOf(who('governance-lead'), broken, failures)).toEqual([['Retention', '/govern/retention', '1 proposal to destroy a file waits for a second person'], ['Subject access', '/govern/subject-access', '1 request is not answered, the first due by 3 December 2026']]);
    expect(failures).toHaveLength(1);
  });

  test('for a governance lead is also what is due and to be decided: not what a hold keeps, what is proposed, or a case that is open', async () => {
    const [end, review] = [{ due: { what: 'end' } }, { due: { what: 'review' } }];
    const toDecide = {
      cases: [{ ...end, held: false, proposalId: null, status: 'closed' }, { ...review, held: false, proposalId: null, status: 'open' }, { ...end, held: false, proposalId: null, status: 'open' }, { ...end, held: true, proposalId: null, status: 'closed' }, { ...end, held: false, proposalId: 'x', status: 'closed' }],
      files: [{ ...end, held: false, proposed: false }, { ...end, held: false, proposed: true }, { ...end, held: true, proposed: false }],
      records: [{ ...end, held: false, proposalId: null }, { ...end, held: true, proposalId: null }, { ...end, held: false, proposalId: 'x' }],
    };
    expect(await saysOf(who('governance-lead'), desks({ toDecide }))).toEqual([['Retention', '/govern/retention', '2 cases, 1 file and 1 record are due: keep or destroy']]);
    expect(await saysOf(who('governance-lead'), desks({ toDecide: { files: toDecide.files }, ofRecords: ['other', 'me'] }))).toEqual([['Retention', '/govern/retention', '1 proposal to destroy a record waits for a second person'], ['Retention', '/govern/retention', '1 file is due: keep or destroy']]);
    expect(await saysOf(who('analyst'), desks({ toDecide }))).toEqual([]);
  });

  test('stands on the start page with a link; where nothing waits, that is said', async () => {
    for (const [given, says] of [[desks({ proposers: ['other'] }), /<a class="govuk-link" href="\/govern\/retention">Retention<\/a>: 1 proposal to destroy a case waits for a second person\./], [desks({}), /No agreement, proposal, request or decision waits for you\./]] as const) {
      const { retention, shareRecords } = given as Pick<Parameters<typeof openTestServer>[0] & object, 'retention' | 'shareRecords'>;
      const server = await openTestServer({ ...(retention ? { retention } : {}), ...(shareRecords ? { shareRecords } : {}) });
      const { cookie } = await signedInAs(server, 'governance-lead');
      expect((await server.app.inject({ url: '/', headers: { cookie } })).body).toMatch(says);
      await server.app.close();
    }
  });
});
