import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { fixedClock } from '../core/index.ts';
import { openCasework, type Casework } from './casework.ts';
import { addLinkDecision, listLinkDecisions, listPairDecisions, type NewDecision, type SeatRule } from './link-decision.store.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');
const forbidden = { code: '42501' };
const pair = { left: 'housing:9', right: 'police:1' };
const nextSeat: SeatRule = (before, decidedBy) => (before.length < 3 && !before.some((row) => row.decidedBy === decidedBy) ? { round: 1, seat: before.length + 1 } : undefined);

describeStores('decisions about pairs of records', (stores) => {
  let casework: Casework;
  const add = (given: Partial<NewDecision>, rule = nextSeat) => addLinkDecision(casework.db, clock, { ...pair, decision: 'same', decidedBy: 'u1', ...given }, rule);
  const insert = (values: string) => sql.raw(`insert into link_decision (left_source_id, right_source_id, review_round, seat, decision, decided_by, decided_at) values (${values}, now())`).execute(casework.db);

  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
  });
  afterAll(() => casework.close());

  it('are kept in the order in which they were made', async () => {
    await add({ decidedBy: 'u1', reason: 'Same home and school' });
    await add({ decidedBy: 'u2', decision: 'different' });
    expect(await listPairDecisions(casework.db, pair)).toEqual([
      { ...pair, round: 1, seat: 1, decision: 'same', reason: 'Same home and school', decidedBy: 'u1', decidedAt: clock.now() },
      { ...pair, round: 1, seat: 2, decision: 'different', decidedBy: 'u2', decidedAt: clock.now() },
    ]);
    expect(await listPairDecisions(casework.db, { left: 'a', right: 'b' })).toEqual([]);
  });

  it('are not made where the rule gives no seat', async () => {
    expect(await add({ decidedBy: 'u1', decision: 'unsure' })).toBeUndefined();
    expect(await listPairDecisions(casework.db, pair)).toHaveLength(2);
  });

  it('take one seat each when two people decide at one moment', async () => {
    const other = { left: 'a:1', right: 'b:1' };
    await Promise.all([add({ ...other, decidedBy: 'u1' }), add({ ...other, decidedBy: 'u2' }), add({ ...other, decidedBy: 'u3' })]);
    expect((await listPairDecisions(casework.db, other)).map(({ seat }) => seat).toSorted()).toEqual([1, 2, 3]);
  });

  it('may be added and read by the application, never changed or removed', async () => {
    for (const statement of ["update link_decision set decision = 'same'", 'delete from link_decision', 'truncate link_decision']) {
      await expect(sql.raw(statement).execute(casework.db)).rejects.toMatchObject(forbidden);
    }
    expect((await listLinkDecisions(casework.db)).length).toBe(5);
  });

  it.each([
    ['a person who decides a pair twice in one round', "'housing:9', 'police:1', 1, 3, 'same', 'u1'", '23505'],
    ['a seat that is taken', "'housing:9', 'police:1', 1, 2, 'same', 'u9'", '23505'],
    ['ids in the wrong order', "'police:1', 'housing:9', 1, 1, 'same', 'u1'", '23514'],
    ['a record beside itself', "'police:1', 'police:1', 1, 1, 'same', 'u1'", '23514'],
    ['a fourth seat', "'housing:9', 'police:1', 1, 4, 'same', 'u9'", '23514'],
    ['another word', "'housing:9', 'police:1', 2, 1, 'perhaps', 'u9'", '23514'],
  ])('refuse %s', async (_case, values, code) => {
    await expect(insert(values)).rejects.toMatchObject({ code });
  });
});
