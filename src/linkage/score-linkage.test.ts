import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { openDuck, type Duck } from '../store/index.ts';
import { ratioInterval, scoreLinkage, scorePairs } from './score-linkage.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck();
});
afterEach(() => duck.close());

interface Row {
  person: string;
  key: string;
  sex: string | null;
}

async function score(rows: Row[], truth = true) {
  await duck.run(`CREATE OR REPLACE TABLE source_record (source_id VARCHAR, agency VARCHAR, local_id VARCHAR, sex VARCHAR, forename VARCHAR, surname VARCHAR, birth_date DATE);
    CREATE OR REPLACE TABLE source_person (source_id VARCHAR, person_key VARCHAR); CREATE OR REPLACE TABLE truth (agency VARCHAR, local_id VARCHAR, person VARCHAR)`);
  for (const [index, row] of rows.entries()) {
    await duck.run(`INSERT INTO source_record VALUES ($id, 'a', $local, $sex, 'A', 'B', DATE '2000-01-02')`, { id: `a:${index}`, local: String(index), sex: row.sex });
    await duck.run('INSERT INTO source_person VALUES ($id, $key)', { id: `a:${index}`, key: row.key });
    await duck.run(`INSERT INTO truth VALUES ('a', $local, $person)`, { local: String(index), person: row.person });
  }
  return scoreLinkage(duck, { source: 'source_record', out: 'source_person', truth: truth ? 'truth' : undefined });
}

/** The same by enumerating all pairs. */
function enumerate(rows: Row[], touches: (row: Row) => boolean) {
  const counts = { true_pairs: 0, found_pairs: 0, correct_pairs: 0 };
  for (let i = 0; i < rows.length; i += 1) {
    for (let j = i + 1; j < rows.length; j += 1) {
      const [a, b] = [rows[i]!, rows[j]!];
      if (!touches(a) && !touches(b)) continue;
      if (a.person === b.person) counts.true_pairs += 1;
      if (a.key === b.key) counts.found_pairs += 1;
      if (a.person === b.person && a.key === b.key) counts.correct_pairs += 1;
    }
  }
  return counts;
}

describe('scoreLinkage', () => {
  it('counts the pairs of a worked example', async () => {
    const { pairs } = await score([{ person: 'p', key: 'k', sex: 'F' }, { person: 'p', key: 'k', sex: 'F' }, { person: 'p', key: 'l', sex: null }, { person: 'q', key: 'l', sex: 'M' }]);
    expect(pairs).toMatchObject({ truePairs: 3, foundPairs: 2, correctPairs: 1, precision: 1 / 2, recall: 1 / 3 });
    expect(pairs!.f1).toBeCloseTo(0.4, 12);
    expect(pairs!.intervals.recall.low).toBeLessThan(1 / 3);
    expect(pairs!.intervals.recall.high).toBeGreaterThan(1 / 3);
  });

  it('agrees with enumerating every pair, in all and by group', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ person: fc.constantFrom('p', 'q', 'r'), key: fc.constantFrom('k', 'l', 'm'), sex: fc.constantFrom('M', 'F', null) }), { minLength: 1, maxLength: 12 }),
        async (rows) => {
          const { groups } = await score(rows);
          for (const group of groups.filter((one) => one.group_kind === 'all' || one.group_kind === 'sex')) {
            const touches = group.group_kind === 'all' ? () => true : (row: Row) => (row.sex ?? 'Not recorded') === group.group_name;
            expect(group).toMatchObject(enumerate(rows, touches));
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('gives signs of missed matches and no pairs where the truth is not known', async () => {
    const { pairs, groups } = await score([{ person: 'p', key: 'k', sex: 'F' }, { person: 'p', key: 'l', sex: 'F' }], false);
    expect(pairs).toBeUndefined();
    expect(groups.find((group) => group.group_kind === 'all')).toMatchObject({ group_name: 'All', records: 2, people: 2, true_pairs: null, recall: null, single_agency_people: 2, unlinkable_records: 0 });
  });
});

describe('scorePairs', () => {
  it('takes nothing missed for a recall of 1', () => {
    expect(scorePairs(0, 0, 0)).toMatchObject({ precision: 1, recall: 1, f1: 1 });
    expect(scorePairs(10, 5, 0)).toMatchObject({ precision: 0, recall: 0, f1: 0 });
  });
});

describe('ratioInterval', () => {
  it("is Wilson's interval where every unit is one pair", () => {
    // 81 of 263 gives .2553 to .3662 (Newcombe 1998, method 3).
    const { low, high } = ratioInterval(81, 263, { xx: 263, xy: 81, yy: 81 });
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  it('is wider where the pairs lie in few persons', () => {
    const single = ratioInterval(90, 100, { xx: 100, xy: 90, yy: 90 });
    const lumps = ratioInterval(90, 100, { xx: 1000, xy: 900, yy: 900 });
    expect(lumps.high - lumps.low).toBeGreaterThan(single.high - single.low);
  });
});
