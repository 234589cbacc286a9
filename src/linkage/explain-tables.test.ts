import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { openDuck, type Duck } from '../store/index.ts';
import { writeCountTables } from './explain-counts.store.ts';
import { explainPairsSql } from './explain-pairs.sql.ts';
import { writeReviewTables } from './explain-tables.store.ts';
import type { LinkDecision } from './link-decisions.ts';
import { linkRecords } from './link-records.ts';
import { writeSettledQuality } from './settled-quality.store.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
});
afterEach(() => duck.close());

/** People with two to four records, some with slips, some namesakes and relatives in one home. */
function makePeople(seed: number, people: number): TinyRecord[] {
  const random = createRandom(seed);
  const forenames = ['Ann', 'Maria', 'Colin', 'Ruth', 'Victor', 'Naomi', 'Silas', 'Peter'];
  const surnames = ['Thistlewood', 'Smith', 'Ravensdale', 'Okonkwo', 'Jones'];
  return Array.from({ length: people }, (_, person) => {
    const surname = random.pick(surnames);
    const base = { forename: random.pick(forenames), surname, born: `19${50 + random.below(45)}-0${1 + random.below(9)}-${10 + random.below(18)}`, ethnicity: random.pick(['White', 'White', 'White', 'Asian']), address: `${1 + random.below(9)} Quay Lane`, postcode: `FM${1 + random.below(9)} ${1 + random.below(9)}AB`, phone: `016329600${10 + random.below(80)}` };
    return Array.from({ length: 2 + random.below(3) }, (__, n): TinyRecord => ({
      ...base, id: `${'abcd'[n]}:${person}`,
      ...(random.chance(0.2) ? { surname: `${surname}e` } : {}), ...(random.chance(0.3) ? { born: undefined } : {}), ...(random.chance(0.3) ? { postcode: `FM${1 + random.below(9)} 1CD`, address: '2 Mill Road' } : {}), ...(random.chance(0.4) ? { phone: undefined } : {}),
    }));
  }).flat();
}

async function link(decisions: LinkDecision[] = [], mostAsked = 50, open: { left: string; right: string }[] = [], reviewedThreshold = false, into = duck) {
  const duck = into;
  await duck.run('DROP TABLE IF EXISTS explained');
  return linkRecords(duck, {
    source: 'source_record', out: 'source_person', decisions, reviewedThreshold,
    onLinked: async (linked) => {
      await writeReviewTables(duck, linked, { source: 'source_record', pairIdSql: "'q' || left(sha256(left_source_id || '|' || right_source_id), 16)", decisions, open, mostAsked });
      await duck.run(`CREATE TABLE explained AS SELECT e.*, s.weight AS engine FROM (${explainPairsSql('linkage_pair', linked.places, linked.model, linked.settings.conflicts)}) e JOIN linkage_scored s ON s.l = e.l AND s.r = e.r`);
      const truth = await duck.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'truth'");
      await writeSettledQuality(duck, { source: 'source_record', out: 'source_person' }, linked.settings.threshold);
      await writeCountTables(duck, linked, { source: 'source_record', fields: [{ column: 'surname', label: 'Surname' }, { column: 'phone', label: 'Telephone' }], ...(truth.length > 0 ? { truth: 'truth' } : {}) });
    },
  });
}

describe('explanations', () => {
  it('give every pair the weight that the engine gave it, as a sum of their parts', async () => {
    await writeTinyPeople(duck, makePeople(4, 100));
    await link();
    const [row] = await duck.rows<Record<string, number>>(`SELECT count(*) AS pairs, max(abs(weight - engine)) AS apart, count(*) FILTER (WHERE conflict IS NOT NULL) AS conflicts, count(*) FILTER (WHERE (conflict IS NULL) <> (weight > -1000)) AS odd FROM explained`);
    expect(row!.pairs).toBeGreaterThan(1000);
    expect(row!.apart).toBeLessThan(1e-6);
    expect(row!.conflicts).toBeGreaterThan(10);
    expect(row!.odd).toBe(0);
    const columns = (await duck.rows<{ name: string }>("SELECT column_name AS name FROM duckdb_columns() WHERE table_name = 'explained' AND starts_with(column_name, 'bits_')")).map(({ name }) => name);
    expect(columns).toEqual(expect.arrayContaining(['bits_prior', 'bits_names', 'bits_relatives', 'bits_surname', 'bits_home']));
    const [sums] = await duck.rows<{ apart: number }>(`SELECT max(abs(sum_bits - (${columns.join(' + ')}))) AS apart FROM explained`);
    expect(sums!.apart).toBeLessThan(1e-9);
  });

  it('say of a rare name that its value adds, and of a common one that it takes away', async () => {
    const many = Array.from({ length: 60 }, (_, n): TinyRecord => ({ id: `m:${n}`, forename: ['Ann', 'Ruth', 'Colin'][n % 3], surname: 'Smith', born: `19${30 + n}-03-04` }));
    await writeTinyPeople(duck, [...many, { ...many[0]!, id: 'n:0' }, { id: 'r:1', forename: 'Ann', surname: 'Thistlewood', born: '1961-04-17' }, { id: 'r:2', forename: 'Ann', surname: 'Thistlewood', born: '1961-04-17' }]);
    await link();
    const rows = await duck.rows<{ left_source_id: string; rarity_surname: number }>("SELECT left_source_id, rarity_surname FROM link_pair WHERE level_surname = 'exact' AND left_source_id IN ('m:0', 'r:1') AND right_source_id IN ('n:0', 'r:2')");
    const rarity = new Map(rows.map((row) => [row.left_source_id, row.rarity_surname]));
    expect(rarity.get('r:1')).toBeGreaterThan(0);
    expect(rarity.get('r:1')! - rarity.get('m:0')!).toBeGreaterThan(1);
  });
});

/** The same people linked once for all tests that ask what is other in a further linkage of them. */
const unsettled = memoised(async () => {
  const duck = await openDuck({ memoryLimit: '1GB' });
  await writeTinyPeople(duck, makePeople(9, 100));
  const { sessions } = await link([], 40, [], false, duck);
  const queue = await duck.rows<{ pair_id: string; reason: string; place: number; left_source_id: string; right_source_id: string }>('SELECT * FROM link_queue ORDER BY place');
  const pairs = await duck.rows<{ pair_id: string; left: string; right: string; weight: number }>('SELECT pair_id, left_source_id AS "left", right_source_id AS "right", weight FROM link_pair ORDER BY weight DESC, pair_id');
  const training = await duck.rows('SELECT session, pairs, matches, rounds, last_change, converged, used FROM linkage_training ORDER BY place');
  duck.close();
  return { sessions, queue, pairs, training };
});

function memoised<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

describe('the queue', () => {
  it('holds pairs near the threshold and of doubtful clusters, the same each time, and no pair twice', async () => {
    const { queue: first } = await unsettled();
    await writeTinyPeople(duck, makePeople(9, 100));
    expect(first.length).toBeGreaterThan(15);
    expect(first.length).toBeLessThanOrEqual(40);
    expect(first.map(({ place }) => place)).toEqual(first.map((_, index) => index + 1));
    expect(new Set(first.map(({ pair_id }) => pair_id)).size).toBe(first.length);
    await link([], 40);
    expect(await duck.rows('SELECT * FROM link_queue ORDER BY place')).toEqual(first);
    const { lost } = await duck.one<{ lost: number }>('SELECT count(*) AS lost FROM link_queue ANTI JOIN link_pair USING (pair_id)');
    expect(lost).toBe(0);
  });

  it('takes from each reason and ethnicity in turn, so that a small group is asked about too', async () => {
    await writeTinyPeople(duck, makePeople(9, 100));
    await link([], 10);
    const groups = await duck.rows<{ ethnicity: string }>("SELECT DISTINCT coalesce(a.ethnicity, b.ethnicity) AS ethnicity FROM link_queue q JOIN source_record a ON a.source_id = q.left_source_id JOIN source_record b ON b.source_id = q.right_source_id");
    expect(groups.map(({ ethnicity }) => ethnicity).toSorted()).toEqual(['Asian', 'White']);
  });

  it('does not ask again about a settled pair, which is explained all the same', async () => {
    const { queue: [first] } = await unsettled();
    await writeTinyPeople(duck, makePeople(9, 100));
    await link([{ left: first!.left_source_id, right: first!.right_source_id, same: false }], 40);
    expect(await duck.rows('SELECT * FROM link_queue WHERE pair_id = $id', { id: first!.pair_id })).toEqual([]);
    expect(await duck.rows('SELECT one_person FROM link_pair WHERE pair_id = $id', { id: first!.pair_id })).toEqual([{ one_person: 0 }]);
  });

  it('keeps asking first about a pair that somebody has begun, though the model is sure of it now', async () => {
    const { queue, pairs } = await unsettled();
    const sure = pairs.find(({ pair_id }) => !queue.some((asked) => asked.pair_id === pair_id));
    await writeTinyPeople(duck, makePeople(9, 100));
    await link([], 40, [{ left: sure!.left, right: sure!.right }]);
    expect(await duck.rows('SELECT pair_id, place FROM link_queue WHERE place = 1')).toEqual([{ pair_id: sure!.pair_id, place: 1 }]);
    const { asked } = await duck.one<{ asked: number }>('SELECT count(*) AS asked FROM link_queue');
    expect(asked).toBeLessThanOrEqual(40);
  });

  it('explains every pair inside a person', async () => {
    await writeTinyPeople(duck, makePeople(2, 60));
    await link();
    const { inside } = await duck.one<{ inside: number }>('SELECT sum(n * (n - 1) // 2)::DOUBLE AS inside FROM (SELECT count(*) AS n FROM source_person GROUP BY person_key)');
    expect(await duck.one('SELECT count(*)::DOUBLE AS inside FROM link_pair WHERE one_person = 1')).toEqual({ inside });
  });
});

describe('the counts', () => {
  it('hold every pair that has a weight, its truth where that is known, and what reviewers settled', async () => {
    const { queue, pairs } = await unsettled();
    const queued = queue.find(({ pair_id }) => pairs.some((pair) => pair.pair_id === pair_id && pair.weight > -100));
    await writeTinyPeople(duck, makePeople(9, 100));
    await duck.run("CREATE TABLE truth AS SELECT agency, local_id, local_id AS person FROM source_record");
    await link([{ left: queued!.left_source_id, right: queued!.right_source_id, same: true }]);
    const summary = new Map((await duck.rows<{ name: string; value: number }>('SELECT * FROM linkage_summary')).map(({ name, value }) => [name, value]));
    const counts = await duck.one<Record<string, number>>('SELECT sum(pairs)::BIGINT AS pairs, sum(expected) AS expected, sum(known_pairs)::BIGINT AS known, sum(true_pairs)::BIGINT AS "true", sum(reviewed_same)::BIGINT AS same, sum(reviewed_different)::BIGINT AS different FROM linkage_weight_count');
    expect(counts.pairs! + summary.get('conflicts')!).toBe(summary.get('pairs'));
    expect(counts).toMatchObject({ known: counts.pairs, same: 1, different: 0 });
    expect(counts.true).toBeGreaterThan(0.7 * summary.get('true_pairs')!);
    expect(counts.true).toBeLessThanOrEqual(summary.get('true_pairs')!);
    expect(counts.expected).toBeGreaterThan(counts.true! / 2);
    expect(counts.expected).toBeLessThan(counts.pairs!);
  });

  it('use the threshold that people’s decisions name and link by it; an undo and what later decisions rule out count for nothing', async () => {
    await writeTinyPeople(duck, makePeople(9, 60));
    const plain = await link();
    const near = await duck.rows<{ left: string; right: string; same: boolean }>('SELECT left_source_id AS "left", right_source_id AS "right", weight > 9 AS same FROM link_pair WHERE weight BETWEEN 0 AND 4 OR weight > 12 ORDER BY weight, pair_id LIMIT 90');
    const [first, second] = near;
    const result = await link([{ ...first!, same: !first!.same }, ...near.slice(2), first!, { ...second!, undo: 4 }], 50, [], true);
    expect(plain).toMatchObject({ threshold: 0.5 });
    expect(plain.reviewed).toBeUndefined();
    const reviewed = result.reviewed!;
    expect(reviewed).toMatchObject({ enough: true, usual: 0.5, threshold: result.threshold });
    expect(result.decisions.contradicted).toContainEqual({ ...first!, same: !first!.same });
    expect(reviewed.same + reviewed.different).toBe(result.decisions.given - result.decisions.contradicted.length - 1);
    expect(result.threshold).toBeGreaterThan(0.7);
    expect(reviewed.wrong).toBeLessThan(reviewed.wrongUsual);
    expect(result.links).toBeLessThan(plain.links);
    const summary = new Map((await duck.rows<{ name: string; value: number }>('SELECT * FROM linkage_summary')).map(({ name, value }) => [name, value]));
    expect([summary.get('threshold'), summary.get('usual_threshold'), summary.get('settled_enough'), summary.get('settled_wrong')]).toEqual([result.threshold, 0.5, 1, reviewed.wrong]);
    expect(await duck.one('SELECT sum(reviewed_same)::BIGINT AS same, sum(reviewed_different)::BIGINT AS different FROM linkage_weight_count')).toEqual({ same: reviewed.same, different: reviewed.different });
    const quality = await duck.rows<Record<string, number | string>>('SELECT * FROM linkage_settled_quality');
    expect(quality[0]).toMatchObject({ group_kind: 'all', group_name: 'All', settled_same: reviewed.same, settled_different: reviewed.different });
    expect(Number(quality[0]!.linked_different) + reviewed.same - Number(quality[0]!.linked_same)).toBe(reviewed.wrong);
    const ethnic = quality.filter(({ group_kind }) => group_kind === 'ethnicity');
    expect(ethnic.map(({ group_name }) => group_name)).toEqual(['Asian', 'White']);
    // A pair of both counts in both.
    expect(ethnic.reduce((sum, { settled_different }) => sum + Number(settled_different), 0)).toBeGreaterThanOrEqual(reviewed.different);
    expect(quality.find(({ group_kind }) => group_kind === 'sex')).toMatchObject({ group_name: 'Not recorded', settled_same: reviewed.same });
  });

  it('say how each training session went', async () => {
    const { sessions, training: kept } = await unsettled();
    expect(kept.length).toBeGreaterThan(2);
    expect(kept).toEqual(sessions.map(({ session, pairs, matches, iterations, converged, used, trace }) => ({ session, pairs, matches, rounds: iterations, last_change: trace.at(-1)?.change ?? null, converged, used })));
  });

  it('say how complete each agency is, and which records hold too little', async () => {
    await writeTinyPeople(duck, [...makePeople(9, 60), ...Array.from({ length: 20 }, (_, n): TinyRecord => ({ id: `e:${n}`, sex: 'M' }))]);
    await link();
    expect(await duck.rows("SELECT field, records, filled FROM linkage_completeness WHERE agency = 'e' ORDER BY place")).toEqual([{ field: 'Surname', records: 20, filled: 0 }, { field: 'Telephone', records: 20, filled: 0 }]);
    const { records } = await duck.one<{ records: number }>('SELECT count(*) AS records FROM source_record');
    expect(await duck.one('SELECT sum(records)::BIGINT AS records FROM linkage_unlinkable')).toEqual({ records });
    const { few } = await duck.one<{ few: number }>('SELECT coalesce(sum(records), 0)::BIGINT AS few FROM linkage_unlinkable WHERE step < 0');
    expect(few).toBeGreaterThanOrEqual(20);
  });

  it('name a value only where a hundred records hold it', async () => {
    await writeTinyPeople(duck, [...Array.from({ length: 120 }, (_, n): TinyRecord => ({ id: `m:${n}`, forename: `Ann${'abcdefgh'[n % 8]}`, surname: 'Smith', born: `19${30 + (n % 60)}-03-04` })), { id: 'r:1', forename: 'Ruth', surname: 'Thistlewood' }]);
    await link();
    expect(await duck.rows('SELECT field, value, records FROM linkage_common_value')).toEqual([{ field: 'Surname', value: 'smith', records: 120 }]);
  });
});
