import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { fixedClock } from '../core/index.ts';
import { openCasework, type Casework } from './casework.ts';
import { addLinkDecision, listLinkDecisions, listPairDecisions } from './link-decision.store.ts';
import { addPersonUndo, listPersonUndos, withdrawPersonUndo, type NewUndo } from './person-undo.store.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const merge: NewUndo = {
  event: 12, build: 'b0', kind: 'merge', oldKey: 'P2', newKey: 'P1', reason: 'Two men of one name', decidedBy: 'u1',
  pairs: [{ left: 'a:1', right: 'b:1', same: false }, { left: 'a:1', right: 'c:1', same: false }],
};

describeStores('undos of merges and splits', (stores) => {
  let casework: Casework;
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
  });
  afterAll(() => casework.close());

  it('decide each pair in a round of its own, after what people decided before', async () => {
    await addLinkDecision(casework.db, clock, { left: 'a:1', right: 'b:1', decision: 'same', decidedBy: 'u2' }, () => ({ round: 1, seat: 1 }));
    const made = await addPersonUndo(casework.db, clock, merge);
    expect(made).toEqual(expect.any(Number));
    const { pairs: _, ...event } = merge;
    expect(await listPersonUndos(casework.db)).toEqual([{ ...event, personUndoId: made, decidedAt: clock.now(), withdrawn: false }]);
    expect((await listPairDecisions(casework.db, { left: 'a:1', right: 'b:1' })).map(({ round, seat, decision }) => [round, seat, decision])).toEqual([[1, 1, 'same'], [2, 1, 'different']]);
    expect(await listPairDecisions(casework.db, { left: 'a:1', right: 'c:1' })).toEqual([
      { left: 'a:1', right: 'c:1', round: 1, seat: 1, decision: 'different', reason: 'Two men of one name', decidedBy: 'u1', decidedAt: clock.now(), undo: { personUndoId: made, event: 12, withdrawn: false } },
    ]);
  });

  it('hold once for an event, also where two people undo it at one moment', async () => {
    expect(await addPersonUndo(casework.db, clock, merge)).toBeUndefined();
    expect(await listLinkDecisions(casework.db)).toHaveLength(3);
    const both = await Promise.all([1, 2].map(() => addPersonUndo(casework.db, clock, { ...merge, event: 13, pairs: [{ left: 'x:1', right: 'y:1', same: true }] })));
    expect(both.filter((made) => made !== undefined)).toHaveLength(1);
  });

  it('are withdrawn once, by a row of their own, and can then be made again', async () => {
    const [undo] = await listPersonUndos(casework.db);
    expect(await withdrawPersonUndo(casework.db, clock, { undo: undo!, reason: 'It was one man', decidedBy: 'u3' })).toEqual(expect.any(Number));
    expect(await withdrawPersonUndo(casework.db, clock, { undo: undo!, reason: 'Again', decidedBy: 'u3' })).toBeUndefined();
    expect((await listPersonUndos(casework.db))[0]).toMatchObject({ event: 12, withdrawn: true });
    expect((await listLinkDecisions(casework.db)).filter(({ undo: by }) => by?.event === 12).map(({ undo: by }) => by!.withdrawn)).toEqual([true, true]);
    expect(await addPersonUndo(casework.db, clock, merge)).toEqual(expect.any(Number));
  });

  it('may be added and read by the application, never changed or removed', async () => {
    for (const statement of ["update person_undo set reason = 'x'", 'delete from person_undo', 'truncate person_undo cascade']) {
      await expect(sql.raw(statement).execute(casework.db)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it.each([
    ['no reason', { reason: '' }, '23514'],
    ['another kind of event', { kind: 'gone' as never }, '23514'],
    ['a pair in the wrong order', { pairs: [{ left: 'b:1', right: 'a:1', same: true }] }, '23514'],
  ])('refuse %s, and leave nothing behind', async (_case, more, code) => {
    const before = [(await listPersonUndos(casework.db)).length, (await listLinkDecisions(casework.db)).length];
    await expect(addPersonUndo(casework.db, clock, { ...merge, event: 99, ...more })).rejects.toMatchObject({ code });
    expect([(await listPersonUndos(casework.db)).length, (await listLinkDecisions(casework.db)).length]).toEqual(before);
  });
});
