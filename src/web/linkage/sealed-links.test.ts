import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fakePersonEvents } from '../../../test/support/fake-person-events.ts';
import { fakeReview } from '../../../test/support/fake-review.ts';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { liftSeal, sealSubject } from '../../govern/index.ts';
import { linkReviewRoutes } from './link-review.routes.ts';
import { personEventRoutes } from './person-event.routes.ts';

const [review, personEvents] = [fakeReview(), fakePersonEvents()];
const [pair1, pair2, pair3] = [1, 2, 3].map((n) => `/linkage/review/${review.idOf(n)}`) as [string, string, string];
const noPair = `/linkage/review/${'9'.repeat(16)}`;
const keys = ['P1', 'P3', ...['a', 'b'].flatMap((side) => [1, 2, 3].map((n) => `P${side}:${n}`))];
/** Before their merges, Pb:2 had the key OLD as well, and P1 the key P2. */
const people = memoryPeople(keys.map((key) => heldRow(key, 'early-help-episode', 2, {})), { OLD: 'Pb:2', P2: 'P1' });

let at: PeopleServer;
let worker: PeopleVisitor;
let keeper: PeopleVisitor;
const as = (userId: string) => at.as('hub-coordinator', 'Early help', { userId, purpose: 'record-linkage' });
const lead = { userId: 'ig', role: 'governance-lead' as const, agency: 'council' };
const seal = async (personKey: string) => {
  const { db } = at.store.casework;
  const sealed = await sealSubject(db, at.clock, { reader: lead, personKey, ground: 'domestic-abuse', whomToRing: 'the desk', keepers: ['keeper', 'second-keeper'] });
  if (!sealed.ok) throw new Error('Not sealed');
  return async () => void (await liftSeal(db, at.clock, { reader: lead, sealedSubjectId: sealed.sealedSubjectId, reason: 'Over' }));
};
/** An answer without what was asked for and what differs from one request to the next. */
const plain = ({ statusCode, body }: { statusCode: number; body: string }, asked: string) => [statusCode, body.replaceAll(asked, 'ASKED').replaceAll(/name="form-token" value="[^"]+"/g, '').replaceAll(/return-to=[^"]*/g, '')];
const refusals = () => at.audited.filter(({ subjectKind }) => subjectKind === 'source-record');
const refused = (action: string, subjectIds: string[]) => expect.objectContaining({ actorId: 'worker', action, outcome: 'refused', basis: 'sealed', purpose: 'record-linkage', subjectKind: 'source-record', subjectIds }) as unknown;

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), people, (asked) => [
    (app, deps) => linkReviewRoutes(app, { ...deps, review, people: asked, personEvents }),
    (app, deps) => personEventRoutes(app, { ...deps, personEvents, people: asked }),
  ]);
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  [worker, keeper] = [await as('worker'), await as('keeper')];
  at.audited.splice(0);
});

describe('doubtful pairs of a sealed person', () => {
  const lifts: (() => Promise<void>)[] = [];
  test('are there for everybody before the seal', async () => {
    for (const address of [pair1, pair2, `${pair2}/person?of=b`]) expect((await worker.get(address)).statusCode).toBe(200);
    expect((await worker.get('/linkage/review')).body).toContain('3 of 3 doubtful pairs of records wait');
  });

  test('are answered as those that do not exist, sealed under an earlier key too, and refused in the audit', async () => {
    lifts.push(await seal('Pb:1'), await seal('OLD'));
    for (const [pair, ids] of [[pair1, ['a:1', 'b:1']], [pair2, ['a:2', 'b:2']]] as const) {
      for (const [more, action] of [['', 'link-pair.view'], ['/person?of=a', 'link-person.view'], ['/person?of=b', 'link-person.view']] as const) {
        at.audited.splice(0);
        const answer = await worker.get(pair + more);
        expect(answer.statusCode).toBe(404);
        expect(plain(answer, pair)).toEqual(plain(await worker.get(noPair + more), noPair));
        expect(refusals()).toEqual([refused(action, [...ids])]);
      }
    }
  });

  test('are not in the queue, its counts, what comes next, nor in what people decided', async () => {
    const { body } = await worker.get('/linkage/review');
    expect(body).toContain('1 of 1 doubtful pair of records waits');
    expect((await worker.get('/linkage/review/next')).headers.location).toBe(pair3);
    expect((await worker.get(`/linkage/review/next?after=${review.idOf(1)}`)).headers.location).toBe(pair3);
    expect((await keeper.get('/linkage/review')).body).toContain('3 of 3 doubtful pairs of records wait');
    expect((await keeper.get('/linkage/review/next')).headers.location).toBe(pair1);
  });

  test('are decided by keepers alone', async () => {
    for (const form of [{ decision: 'same' }, { decision: 'perhaps' }] as Record<string, string>[]) {
      at.audited.splice(0);
      const answer = await worker.send(pair1, form);
      expect(answer.statusCode).toBe(404);
      expect(plain(answer, pair1)).toEqual(plain(await worker.send(noPair, form), noPair));
      expect(refusals()).toEqual([refused('link-pair.decide', ['a:1', 'b:1'])]);
    }
    expect(review.rows).toEqual([]);
    expect((await keeper.get(pair1)).body).toContain('17 April 1961');
    for (const by of [keeper, await as('second-keeper')]) expect((await by.send(pair1, { decision: 'same' })).statusCode).toBe(303);
    expect((await keeper.get(pair1)).body).toContain('People settled that these are the same person');
    const [hidden, shown] = [(await worker.get('/linkage/review')).body, (await keeper.get('/linkage/review')).body];
    expect(shown).toContain('agreed on 1 of 1 pair');
    expect(shown).toContain('second-keeper');
    expect(hidden).not.toMatch(/agreed on|keeper/);
  });

  test('are there again once the seals are lifted, and gone at the next request after a seal', async () => {
    for (const lift of lifts) await lift();
    expect((await worker.get('/linkage/review')).body).toContain('second-keeper');
    expect((await worker.get(pair2)).statusCode).toBe(200);
    const lift = await seal('Pa:2');
    expect((await worker.send(pair2, { decision: 'same' })).statusCode).toBe(404);
    expect(review.rows.filter(({ left }) => left === 'a:2')).toEqual([]);
    await lift();
  });
});

describe('merges and splits of a sealed person', () => {
  const address = (event: number) => `/linkage/events/${event}`;
  const listed = async (by: PeopleVisitor) => [...(await by.get('/linkage/events')).body.matchAll(/href="\/linkage\/events\/(\d+)"/g)].map(([, event]) => Number(event));
  const onPair = async (by: PeopleVisitor) => [...(await by.get(pair3)).body.matchAll(/href="\/linkage\/events\/(\d+)"/g)].map(([, event]) => Number(event));

  test('are not in the list, its months, nor on a pair’s page; those of others stay', async () => {
    expect([await listed(worker), await onPair(worker)]).toEqual([[2, 1], [2, 1]]);
    const lift = await seal('P3');
    expect([await listed(worker), await onPair(worker), await listed(keeper), await onPair(keeper)]).toEqual([[1], [1], [2, 1], [2, 1]]);
    const months = async (by: PeopleVisitor) => /November 2026 \((\d+)\)/.exec((await by.get('/linkage/events')).body)?.[1];
    expect([await months(worker), await months(keeper)]).toEqual(['1', '2']);
    expect(plain(await worker.get(address(2)), address(2))).toEqual(plain(await worker.get(address(99)), address(99)));
    expect((await worker.get(address(1))).statusCode).toBe(200);
    await lift();
  });

  test('are answered as those that do not exist, sealed under the key from before the merge, and refused in the audit', async () => {
    const lift = await seal('P2');
    expect(await listed(worker)).toEqual([]);
    const good = { reason: 'Two women of one name', confirm: 'yes' };
    for (const [event, ids] of [[1, ['b:1', 'c:1', 'a:1', 'z:1']], [2, ['d:1', 'a:1']]] as const) {
      for (const [form, action] of [[null, 'person-event.view'], [{ act: 'undo', ...good }, 'person-event.undo'], [{ act: 'undo' }, 'person-event.undo'], [{ act: 'withdraw', ...good }, 'person-event.withdraw']] as [Record<string, string> | null, string][]) {
        at.audited.splice(0);
        const ask = (to: string) => (form ? worker.send(to, form) : worker.get(to));
        const answer = await ask(address(event));
        expect(answer.statusCode).toBe(404);
        expect(plain(answer, address(event))).toEqual(plain(await ask(address(99)), address(99)));
        expect(refusals()).toEqual([refused(action, [...ids])]);
      }
    }
    expect((await personEvents.find(1))!.event.undo.state).toBe('stands');
    expect((await keeper.get(address(1))).body).toContain('Two people became one');
    expect((await keeper.send(address(1), { act: 'undo', ...good })).headers.location).toBe(`${address(1)}?done=undo`);
    expect((await personEvents.find(1))!.event.undo.state).toBe('waiting');
    await lift();
    expect(await listed(worker)).toEqual([2, 1]);
  });
});
