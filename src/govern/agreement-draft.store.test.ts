import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { openCasework, type Casework } from '../store/index.ts';
import { fromDraft, memoryDrafts, nextClauseKey, toDraft, type AgreementDrafts, type DraftContent } from './agreement-draft.ts';
import { storeDrafts } from './agreement-draft.store.ts';
import { sampleContent } from './sample-content.fixture.ts';

let now = Date.parse('2026-11-24T09:05:00Z');
const clock = { now: () => now };
const nothing: DraftContent = { parties: [], clauses: [] };

function draftTests(open: () => AgreementDrafts): void {
  test('gives back what was written, whole or not, to its writer alone', async () => {
    const drafts = open();
    const whole = toDraft(sampleContent());
    const draftId = await drafts.begin({ userId: 'ann', agreementId: 'a-1', baseVersion: 2, content: whole });
    expect(await drafts.find(draftId, 'ann')).toEqual({ draftId, userId: 'ann', agreementId: 'a-1', baseVersion: 2, content: whole, revision: 1, changedAt: now });
    expect(await drafts.find(draftId, 'bob')).toBeUndefined();
    const empty = await drafts.begin({ userId: 'ann', agreementId: null, baseVersion: null, content: { ...nothing, clauses: [{ key: 'c1', from: [], items: [{ feed: 'x', fields: [] }], to: [{ agency: 'police', roles: [] }], powers: [] }] } });
    expect((await drafts.find(empty, 'ann'))!.content.clauses[0]).toEqual({ key: 'c1', from: [], items: [{ feed: 'x', fields: [] }], to: [{ agency: 'police', roles: [] }], powers: [] });
    await drafts.discard(draftId, 'bob');
    await drafts.discard(empty, 'ann');
    expect((await drafts.list('ann')).map((draft) => draft.draftId)).toEqual([draftId]);
    expect(await drafts.list('bob')).toEqual([]);
  });

  test('writes over the revision that was read alone, and lists the last changed first', async () => {
    const drafts = open();
    const [first, second] = [await drafts.begin({ userId: 'cem', agreementId: null, baseVersion: null, content: nothing }), await drafts.begin({ userId: 'cem', agreementId: null, baseVersion: null, content: nothing })];
    now += 60_000;
    const change = { draftId: first, userId: 'cem', revision: 1, content: { ...nothing, title: 'One' } };
    expect(await Promise.all([drafts.replace(change), drafts.replace({ ...change, content: { ...nothing, title: 'Two' } })])).toEqual(expect.arrayContaining([true, false]));
    expect(await drafts.replace({ ...change, userId: 'bob', revision: 2 })).toBe(false);
    expect(await drafts.replace({ ...change, draftId: '00000000-0000-0000-0000-000000000000' })).toBe(false);
    const found = (await drafts.find(first, 'cem'))!;
    expect([found.revision, found.changedAt]).toEqual([2, now]);
    expect((await drafts.list('cem')).map(({ draftId }) => draftId)).toEqual([first, second]);
  });
}

describeStores('agreements in writing', (stores) => {
  let casework: Casework;
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
  });
  afterAll(() => casework.close());
  draftTests(() => storeDrafts(casework.db, clock));
});

test('a draft of an agreement becomes that agreement again, and keys of clauses are not used twice', () => {
  const content = sampleContent();
  const draft = toDraft(content);
  expect(fromDraft(draft)).toEqual(content);
  expect(nextClauseKey(draft)).toBe('c3');
  expect(nextClauseKey({ ...draft, clauses: draft.clauses.slice(1) })).toBe('c3');
  expect(nextClauseKey(nothing)).toBe('c1');
});

const inMemory = memoryDrafts(clock);
draftTests(() => inMemory);
