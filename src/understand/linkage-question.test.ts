import { afterEach, describe, expect, it } from 'vitest';
import { makeLinkageTables, type LinkageLakeOptions } from '../../test/support/linkage-lake.ts';
import { lakeOver, type TestLake } from '../../test/support/lake-builder.ts';
import { fixedClock, noFilters, type Answer } from '../core/index.ts';
import { openDuck } from '../store/index.ts';
import { expectedCurve, reviewedCurve, truthCurve } from './linkage-curves.ts';
import type { WeightCountRow } from './linkage-question.sql.ts';
import { createQuestions, findQuestion } from './questions.ts';

const question = findQuestion(createQuestions({ clock: fixedClock('2026-11-24T09:00:00Z') }), 'linkage')!;
const table = (answer: Answer, id: string) => answer.tables.find((each) => each.id === id)!;

let lake: TestLake;
afterEach(() => lake?.close());

async function ask(options: LinkageLakeOptions): Promise<Answer> {
  const duck = await openDuck();
  await makeLinkageTables(duck, options);
  lake = await lakeOver(duck);
  return question.answer(lake, { ...noFilters }, {});
}

const row = (step: number, counts: Partial<WeightCountRow>): WeightCountRow => ({ step, pairs: 0, expected: 0, known_pairs: 0, true_pairs: 0, reviewed_same: 0, reviewed_different: 0, ...counts });

describe('the linkage question', () => {
  it('measures links against the truth where it is known', async () => {
    const answer = await ask({ truth: true, reviewed: false });
    expect(answer.sentence).toMatch(/^3,250 records are 2,100 people\. Two records are linked where one person is at least 50 per cent likely; pair by pair, before pairs are grouped into people, of the links, (100|9\d|more than 99) per cent are right, and 9\d per cent of the true links are found\.$/);
    expect(table(answer, 'thresholds').columns.map(({ name }) => name)).toEqual(['bits', 'probability', 'precision', 'recall', 'expected_precision', 'expected_recall']);
  });

  it('says what the model expects where the truth is not known, and asks people to settle pairs', async () => {
    const answer = await ask({ truth: false, reviewed: false });
    expect(answer.sentence).toContain('the model expects');
    expect(table(answer, 'thresholds').columns.some(({ name }) => name === 'precision')).toBe(false);
    expect(answer.howSure.join(' ')).toContain('47 doubtful pairs wait for people to decide');
    expect(answer.figures.suggestedLow).toBeNull();
  });

  it('suggests where the threshold should lie from the pairs that people settled', async () => {
    const answer = await ask({ truth: false, reviewed: true });
    expect(table(answer, 'thresholds').columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['reviewed_precision', 'reviewed_recall']));
    expect(answer.howSure.join(' ')).toMatch(/People settled \d+ doubtful pairs\. A threshold between \d+ per cent and \d+ per cent puts fewest of them on the wrong side/);
  });

  it('says which threshold the build used and why, where people’s decisions were asked for it', async () => {
    const asked = async (settled: number) => {
      const duck = await openDuck();
      await makeLinkageTables(duck, { truth: false, reviewed: true });
      await duck.run(`UPDATE linkage_summary SET value = ${settled === 1 ? 0.8 : 0.5} WHERE name = 'threshold'`);
      await duck.run(`INSERT INTO linkage_summary VALUES ('usual_threshold', 0.5), ('settled_enough', ${settled}), ('settled_same', 30), ('settled_different', 41), ('settled_wrong', 6), ('settled_wrong_usual', 19)`);
      lake = await lakeOver(duck);
      return question.answer(lake, { ...noFilters }, {});
    };
    const moved = await asked(1);
    expect(moved.howSure).toContain("Records are linked from a probability of 0.8, which people's decisions name: of the 71 settled pairs that have a weight, 6 lie on its wrong side and 19 on that of 0.5.");
    expect(moved.sentence).toContain('at least 80 per cent likely');
    lake.close();
    expect((await asked(0)).howSure.join(' ')).toContain('there are 30 as one person and 41 as two');
    lake.close();
    expect((await ask({ truth: false, reviewed: true })).howSure.join(' ')).not.toContain('Records are linked from');
  });

  it('gives values only as many records hold them, written as names are, and no address', async () => {
    const values = table(await ask({ truth: true, reviewed: false }), 'values').rows;
    expect(values.map((each) => each.value).toSorted()).toEqual(['1 January 1980', 'O\'Brien', 'Smith']);
  });

  it('says how each training session went, and hides what few pairs would tell', async () => {
    const duck = await openDuck();
    await makeLinkageTables(duck, { truth: true, reviewed: false });
    await duck.run("INSERT INTO linkage_training VALUES (3, 'Date of birth', 3, 2, 7, 0.00001, TRUE, FALSE)");
    lake = await lakeOver(duck);
    const { rows, suppressed } = table(await question.answer(lake, { ...noFilters }, {}), 'training');
    expect(rows).toEqual([
      { session: 'NHS number', pairs: 4100, rounds: 5, last_change: 'under 0.0001', converged: 'yes', used: 'yes' },
      { session: 'UPN', pairs: 0, rounds: 0, last_change: null, converged: 'yes', used: 'no, too few pairs' },
      { session: 'Forename and surname', pairs: 9000, rounds: 100, last_change: '0.0213', converged: 'no', used: 'yes' },
      { session: 'Date of birth', pairs: null, rounds: null, last_change: null, converged: 'yes', used: 'no, too few pairs' },
    ]);
    expect(suppressed).toEqual(expect.arrayContaining(['3:pairs', '3:rounds', '3:last_change']));
  });

  it('leaves training out where the snapshot was made before it was kept', async () => {
    const duck = await openDuck();
    await makeLinkageTables(duck, { truth: true, reviewed: false });
    await duck.run('DROP TABLE linkage_training');
    lake = await lakeOver(duck);
    expect((await question.answer(lake, { ...noFilters }, {})).tables.map(({ id }) => id)).toEqual(['levels', 'distribution', 'thresholds', 'unlinkable', 'fields', 'values']);
  });

  it('asks for a build where the snapshot was made before its tables', async () => {
    const duck = await openDuck();
    lake = await lakeOver(duck);
    await expect(question.answer(lake, { ...noFilters }, {})).rejects.toThrow(/Run "npx headwater build"/);
  });
});

describe('the curves', () => {
  const rows = [row(-3, { pairs: 100, expected: 10, known_pairs: 100, true_pairs: 8 }), row(2, { pairs: 40, expected: 35, known_pairs: 40, true_pairs: 36 }), row(9, { pairs: 60, expected: 60, known_pairs: 60, true_pairs: 60 })];

  it('count pairs that weigh at least the threshold', () => {
    const at = <T extends { bits: number }>(curve: T[], bits: number) => curve.find((point) => point.bits === bits)!;
    expect(at(expectedCurve(rows), 0)).toMatchObject({ probability: 0.5, precision: 0.95, recall: 95 / 105 });
    expect(at(truthCurve(rows, 120), 0)).toMatchObject({ precision: 0.96, recall: 0.8 });
    expect(at(truthCurve(rows, 120), 3)).toMatchObject({ precision: 1, recall: 0.5 });
  });

  it('never lose precision of the settled pairs that people parted below the threshold', () => {
    const settled = [row(-2, { reviewed_same: 1, reviewed_different: 12 }), row(1, { reviewed_same: 4, reviewed_different: 5 }), row(3, { reviewed_same: 20, reviewed_different: 1 })];
    const curve = reviewedCurve(settled);
    expect(curve.find(({ bits }) => bits === 2)).toMatchObject({ precision: 20 / 21, recall: 20 / 25, wrong: 6 });
  });
});
