// Each option of dedupe, read from the command line and doing what --help says, over eight records at places on a line: three at 0 and three at 2,
// with one between that is near to both.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { runCommandHere } from '../../test/support/run-command.ts';
import type { BlockingAnalysis, DedupeResult } from '../linkage/index.ts';
import { openDuck, text, type Duck } from '../store/index.ts';

const records = ['ref,agency,team,town,place,sex,who', '1,a,x,t,0,F,1', '2,b,x,t,0,F,1', '3,a,y,t,0,F,1', '4,b,y,t,1,M,1', '5,a,x,t,2,M,2', '6,a,x,t,2,M,2', '7,b,y,t,2,F,2', '8,b,y,u,50,,3'];
/** Nothing is learned: near is 8 bits for, far 12 against. The second comparison weighs nothing and shows how the engine is set. */
const settings = `
id: ref
source: agency
columns:
  engine: "current_setting('threads') || ' ' || current_setting('memory_limit')"
comparisons:
  - name: place
    missing: l.place IS NULL OR r.place IS NULL
    levels:
      - {label: Near, when: abs(l.place::INT - r.place::INT) <= 1, m: 0.99, u: 0.001}
      - {label: Far, m: 0.001, u: 0.999}
  - name: engine
    missing: l.engine IS NULL
    levels:
      - {label: Same, when: l.engine = r.engine, m: 0.5, u: 0.5}
      - {label: Other, m: 0.5, u: 0.5}
blocking: [[town]]
training: {prior: 0.2}
`;
const splinkLevel = (sql: string, m?: number, u?: number) => ({ sql_condition: sql, ...(m === undefined ? { is_null_level: true } : { m_probability: m, u_probability: u }) });
const splinkModel = {
  link_type: 'dedupe_only', probability_two_random_records_match: 0.2, blocking_rules_to_generate_predictions: ['l.town = r.town'],
  comparisons: [{ output_column_name: 'place', comparison_levels: [splinkLevel('place_l IS NULL OR place_r IS NULL'), splinkLevel('place_l = place_r', 0.99, 0.001), splinkLevel('ELSE', 0.01, 0.999)] }],
};
/** Names for the preset to recognise: two records of each of two people. */
const people = 'ref,given,family,dob,sex\n1,Margaret,Thompson,1961-04-17,F\n2,Peggy,Thompson,1961-04-17,F\n3,Daniel,Hughes,2004-09-02,M\n4,Daniel,Hughes,2004-09-02,F\n5,Imran,Hussain,1990-12-25,M\n';

let dir: string;
let duck: Duck;
let places: string[];
let own: string[];
beforeAll(async () => {
  dir = newFolder('options');
  duck = await openDuck();
  const write = (name: string, content: string) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  places = ['dedupe', write('places.csv', records.join('\n'))];
  own = [...places, '--settings', write('settings.yaml', settings)];
  write('people.csv', people);
  write('splink-model.json', JSON.stringify(splinkModel));
  write('labels.csv', 'id_l,source_l,id_r,source_r,match\n1,a,2,b,match\n1,a,5,a,no match\n1,a,3,a,match\n3,a,1,a,no match\n99,a,1,a,match\n');
});
afterAll(() => duck.close());

let runs = 0;
const out = () => join(dir, `out${runs}`);
async function ran(args: readonly string[]) {
  runs += 1;
  const result = await runCommandHere([...args, '--out', out()]);
  expect(result.stderr).toBe('');
  return { text: result.stdout, rows: <T = Record<string, unknown>>(file: string) => duck.rows<T>(`FROM ${text(join(out(), file))}`) };
}
const json = async (...args: string[]) => JSON.parse((await ran([...own, ...args, '--json'])).text) as DedupeResult;
const sizes = async () => (await duck.rows<{ n: number }>(`SELECT count(*) AS n FROM ${text(join(out(), 'clusters.parquet'))} GROUP BY cluster ORDER BY n DESC`)).map(({ n }) => n);

describe('the options of dedupe', () => {
  it('--settings links by them, with id and source as they say; linked records are one person unless --clusters votes cuts what contradicts itself', async () => {
    expect(await json()).toMatchObject({ records: 8, candidatePairs: 21, threshold: 0.5, people: 2, columns: [], rules: [{ rule: 'town', pairs: 21 }] });
    expect(await sizes()).toEqual([7, 1]);
    expect(readdirSync(out()).toSorted()).toEqual(['clusters.parquet', 'model.json', 'pairs.parquet']);
    expect(await json('--clusters', 'components')).toMatchObject({ people: 2 });
    const { people: three, warnings } = await json('--clusters', 'votes');
    expect(three).toBe(3);
    expect(await sizes()).toEqual([4, 3, 1]);
    expect(warnings.join()).toContain('3 links were not followed: the other pairs of their cluster speak against them');
  });

  it('--source names the sources, before the settings; --link link compares between them alone', async () => {
    const { rows } = await ran([...own, '--source', 'team', '--link', 'link']);
    const pairs = await rows<{ source_l: string; source_r: string }>('pairs.parquet');
    // Four of x and three of y share a town.
    expect(pairs).toHaveLength(12);
    expect(new Set(pairs.map(({ source_l, source_r }) => [source_l, source_r].toSorted().join()))).toEqual(new Set(['x,y']));
    expect((await json('--link', 'link-and-dedupe')).candidatePairs).toBe(21);
  });

  it('--one-per-source gives a person at most one record of each source', async () => {
    expect((await json('--one-per-source')).people).toBe(5);
    const twice = await duck.rows(`SELECT 1 FROM ${text(join(out(), 'clusters.parquet'))} GROUP BY cluster, source HAVING count(*) > 1`);
    expect(twice).toEqual([]);
  });

  it('--threshold links from that probability: a pair at .996 is no link at .999', async () => {
    expect(await json('--threshold', '0.999')).toMatchObject({ threshold: 0.999, people: 8, falseMatches: { links: 0 } });
    expect(await json('--threshold', '0.99')).toMatchObject({ threshold: 0.99, people: 2, falseMatches: { links: 12 } });
  });

  it('--threads and --memory set the engine; --splink writes the model for Splink over its records', async () => {
    const { rows } = await ran([...own, '--threads', '3', '--memory', '512MB', '--link', 'link', '--splink']);
    const written = await rows<{ unique_id: string; engine: string }>('splink-records.parquet');
    expect(written).toHaveLength(8);
    expect(new Set(written.map(({ engine }) => engine))).toEqual(new Set(['3 488.2 MiB']));
    const model = JSON.parse(readFileSync(join(out(), 'splink.json'), 'utf8')) as { link_type: string; comparisons: { comparison_levels: { m_probability?: number }[] }[] };
    expect(model).toMatchObject({ link_type: 'link_only', probability_two_random_records_match: 0.2 });
    expect(model.comparisons[0]!.comparison_levels.map((level) => level.m_probability)).toEqual([undefined, 0.99, 0.001]);
  });

  it('print scores, labels, both estimates of false links, notes and files as text; --measures writes a row for each cluster', async () => {
    const { text: printed, rows } = await ran([...own, '--truth', 'who', '--check', 'sex', '--labels', join(dir, 'labels.csv'), '--measures']);
    expect(printed.replace(/, [\d.]+ s\)/, ', T s)').replaceAll(out(), 'OUT').split('\n').filter((line) => !line.startsWith('Note:'))).toEqual([
      '8 records are 2 people (21 pairs compared, linked from a probability of 0.5, T s).',
      // Nine true pairs are all linked, with three that are none; the person of seven has 21 pairs.
      'Pairs: precision 0.7500, recall 1.0000, F1 0.8571 over all true pairs.',
      'Pairs by their own weight: precision 0.7500, recall 1.0000, F1 0.8571 over all true pairs.',
      'Clusters: precision 0.4286, recall 1.0000, F1 0.6000 over all true pairs.',
      '5 labels (2 matches, 1 of unknown records): precision 0.5000, recall 1.0000, F1 0.6667 over 2 labelled pairs.',
      'Labels that contradict each other: rows 3, 4 (the same pair is labelled both ways).',
      'Expected false links, as far as the probabilities are right: 0.4 per cent of 12.',
      'Of 12 links that hold the checked column twice, 6 differ on it: between 0.0 per cent and 100.0 per cent of links are false.',
      'Written: OUT/pairs.parquet, OUT/clusters.parquet, OUT/cluster-measures.parquet, OUT/model.json',
      '',
    ]);
    expect(printed).toContain('Note: ');
    expect(await rows('cluster-measures.parquet')).toMatchObject([{ size: 7, links: 12, density: 12 / 21, bridges: 0, cut_records: 1, diameter: 2, doubtful: false }]);
  });

  it('without settings take the columns for what they hold, say so as text, and leave the checked one out', async () => {
    const { text: printed } = await ran(['dedupe', join(dir, 'people.csv'), '--id', 'ref', '--check', 'sex']);
    expect(printed).toMatch(/^5 records are 3 people \(\d+ pairs compared, linked from a probability of 0\.5/);
    expect(printed).toMatch(/^Columns:\n {2}given: forename \(.+\)\n {2}family: surname \(.+\)\n {2}dob: birth date \(.+\)\n(?! {2}sex)/m);
    // Two links, of which one is of F and M.
    expect(printed).toMatch(/^Of 2 links that hold the checked column twice, 1 differ on it/m);
    expect(printed).toMatch(/^Written: \S+pairs\.parquet, \S+clusters\.parquet$/m);
  });

  it('--keep keeps the linkage; records that come later join it, and say how many', async () => {
    const keep = ['--id', 'ref', '--keep', join(dir, 'kept')];
    await ran(['dedupe', join(dir, 'people.csv'), ...keep]);
    writeFileSync(join(dir, 'more-people.csv'), `${people}6,Imran,Husain,1990-12-25,M\n`);
    const { text: printed } = await ran(['dedupe', join(dir, 'more-people.csv'), ...keep]);
    expect(printed).toMatch(/^6 records are 3 people \(\d+ pairs? compared.*\n1 record is new or changed; 2 records were grouped anew, all others stay as they were\.\nColumns:/);
  });

  it('--settings takes a Splink model too', async () => {
    const { text: printed } = await ran([...places, '--id', 'ref', '--settings', join(dir, 'splink-model.json')]);
    // Equal places alone: 1, 2, 3 and 5, 6, 7.
    expect(printed).toMatch(/^8 records are 4 people \(21 pairs compared/);
  });

  it('--explain says why pairs weigh what they weigh, by settings, by the preset and by a Splink model', async () => {
    const asked = (name: string, lines: string[]) => {
      writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
      return ['--explain', join(dir, name)];
    };
    const pairs = asked('asked.csv', ['id_l,source_l,id_r,source_r', '5,a,1,a', '1,a,2,b']);
    const { text: bySettings, rows } = await ran([...own, ...pairs]);
    expect(bySettings.split('\n').slice(-10, -2)).toEqual([
      '1 (a) and 5 (a): −12.0 bits, less than 1 in 1,000 that they are one person',
      '    −2.0  Two records taken at random are hardly ever one person: clearly against',
      '   −10.0  place: Far: strongly against',
      '    +0.0  engine: Same: neither for nor against',
      '1 (a) and 2 (b): +8.0 bits, 996 in 1,000 that they are one person',
      '    −2.0  Two records taken at random are hardly ever one person: clearly against',
      '   +10.0  place: Near: strongly for',
      '    +0.0  engine: Same: neither for nor against',
    ]);
    const parts = await rows<{ id_l: number; part: number; words: string; total: number }>('explained.csv');
    const compared = await rows<{ id_l: string; id_r: string; weight: number }>('pairs.parquet');
    expect(parts).toHaveLength(6);
    expect(parts.filter(({ part }) => Number(part) === 3).map(({ total }) => Number(total))).toEqual([['1', '5'], ['1', '2']].map(([l, r]) => expect.closeTo(compared.find(({ id_l, id_r }) => id_l === l && id_r === r)!.weight, 3)));

    const people = asked('asked-people.csv', ['id_l,id_r', '1,2']);
    const { text: byPreset } = await ran(['dedupe', join(dir, 'people.csv'), '--id', 'ref', ...people]);
    expect(byPreset).toMatch(/^1 and 2: \+\d+\.\d bits, .* in 1,?0*0? that they are one person$/m);
    expect(byPreset).toMatch(/^ +\+\d+\.\d {2}Same date of birth.*: [a-z ]+ for$/m);
    const [pair] = (JSON.parse((await ran(['dedupe', join(dir, 'people.csv'), '--id', 'ref', ...people, '--json'])).text) as DedupeResult).explained!;
    expect(pair!.parts.reduce((sum, { bits }) => sum + bits, 0)).toBeCloseTo(pair!.weight, 3);

    const { text: bySplink } = await ran([...places, '--id', 'ref', '--settings', join(dir, 'splink-model.json'), ...asked('asked-splink.csv', ['id_l,id_r', '1,4'])]);
    expect(bySplink).toMatch(/^ +−6\.6 {2}place: ELSE: strongly against$/m);
  });

  it('--explain names the row of a pair that is not of these records, and no id', async () => {
    writeFileSync(join(dir, 'asked-wrong.csv'), 'id_l,source_l,id_r,source_r\n1,a,2,b\n1,a,secret,b\n');
    const { stderr, code } = await runCommandHere([...own, '--explain', join(dir, 'asked-wrong.csv'), '--out', join(dir, 'wrong')]);
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(/Row 2 of the pairs does not name two of the records \(--explain\)/)]);
    expect(stderr).not.toContain('secret');
    writeFileSync(join(dir, 'asked-wrong.csv'), 'first,second\n1,2\n');
    expect((await runCommandHere([...own, '--explain', join(dir, 'asked-wrong.csv'), '--out', join(dir, 'wrong')])).stderr).toMatch(/The pairs need two ids, and have first, second \(--explain\)\. Call the columns id_l and id_r/);
  });

  it('--blocking analyse says what each rule of the preset gives, and links nothing', async () => {
    const { text: printed } = await ran(['dedupe', join(dir, 'people.csv'), '--id', 'ref', '--blocking', 'analyse', '--threads', '1', '--memory', '500MB']);
    expect(printed).toMatch(/^5 records give \d+ pairs to compare \(budget [\d,]+\); comparing them takes about 1 s here\.\nPairs by itself, .*\n( +\d+ +\d+ +\d[\d ·]* {2}.+\n)+/);
    expect(readdirSync(out())).toEqual(['large-blocks.csv']);
    expect(readFileSync(join(out(), 'large-blocks.csv'), 'utf8')).toContain('Date of birth and form of forename,birth | any of forename_roots,2,19610417 | margaret\r\n');
    expect(printed).not.toContain('margaret');
  });

  it('--blocking analyse takes settings too: pairs, what each rule adds, its three largest blocks, and what a run would refuse', async () => {
    const rules = (blocking: string, more = '') => {
      writeFileSync(join(dir, 'rules.yaml'), `${settings.replace('blocking: [[town]]', `blocking: ${blocking}`)}${more}`);
      return [...places, '--settings', join(dir, 'rules.yaml'), '--blocking', 'analyse'];
    };
    const three = rules('[[place], [agency, sex], [team], "l.town = r.town AND l.place > r.place"]');
    const { text: printed } = await ran(three);
    // Two places of three; the two women of b; two teams of four; and of those left, 4 with 5 and 6, which come after it by source.
    expect(printed.split('\n').slice(1, 6)).toEqual([
      'Pairs by itself, pairs that no rule before it gives, three largest blocks, rule:',
      expect.stringMatching(/^ +6 +6 +3 · 3 {2}place$/), expect.stringMatching(/^ +3 +1 +2 · 2 · 2 {2}agency, sex$/), expect.stringMatching(/^ +12 +10 +4 · 4 {2}team$/), expect.stringMatching(/^ +21 +2 +7 {2}l\.town = r\.town AND l\.place > r\.place$/),
    ]);
    expect(readFileSync(join(out(), 'large-blocks.csv'), 'utf8').split('\r\n').slice(0, 3)).toEqual(['rule,columns,records,value', 'place,place,3,0', 'place,place,3,2']);
    const found = JSON.parse((await ran([...three, '--json'])).text) as BlockingAnalysis;
    const linked = JSON.parse((await ran([...three.slice(0, -2), '--json'])).text) as DedupeResult;
    expect(found.candidatePairs).toBe(linked.candidatePairs);
    expect(found.rules.reduce((sum, { marginalPairs }) => sum + marginalPairs, 0)).toBe(linked.candidatePairs);
    expect(found.rules.map(({ pairs }) => pairs)).toEqual(linked.rules!.map(({ pairs }) => pairs));

    const { text: refusing } = await ran(rules('[[place], [town]]', 'max-block: 5\nlarge-blocks: refuse\n'));
    expect(refusing).toMatch(/ 0 +0 +7 {2}town \(a run refuses this rule\) \(1 blocks? refused as too large, 21 pairs\)\nNote: A run would refuse 1 rule of these settings/);
    expect((await runCommandHere(rules('[[plaze]]'))).stderr).toMatch(/blocking rule 1 \(plaze\)/);
  });

  it('--blocking analyse takes a Splink model too, of any link type', async () => {
    const analyse = async (link: string) => {
      writeFileSync(join(dir, 'splink-rules.json'), JSON.stringify({ ...splinkModel, link_type: link, blocking_rules_to_generate_predictions: ['l.place = r.place', { blocking_rule: 'l.team = r.team AND l.sex <> r.sex' }] }));
      const args = [...places, '--id', 'ref', '--source', 'agency', '--settings', join(dir, 'splink-rules.json')];
      const found = JSON.parse((await ran([...args, '--blocking', 'analyse', '--json'])).text) as BlockingAnalysis;
      return { found, large: readFileSync(join(out(), 'large-blocks.csv'), 'utf8'), linked: JSON.parse((await ran([...args, '--json'])).text) as DedupeResult };
    };
    const all = await analyse('dedupe_only');
    // Two places of three; two teams of four, of which the pairs of different sex at different places are left: 1 and 2 with 5 and 6, 4 with 3 and 7.
    expect(all.found).toMatchObject({ records: 8, budget: 1e9, candidatePairs: 12, warnings: [] });
    expect(all.found.rules).toMatchObject([{ rule: 'l.place = r.place', pairs: 6, marginalPairs: 6, largestBlock: 3, taken: true }, { rule: 'l.team = r.team AND l.sex <> r.sex', pairs: 12, marginalPairs: 6, largestBlock: 4, taken: true }]);
    expect(all.large.split('\r\n')).toEqual(expect.arrayContaining(['l.place = r.place,place,3,0', 'l.team = r.team AND l.sex <> r.sex,team,4,x']));
    const between = await analyse('link_only');
    for (const { found, linked } of [all, between]) expect(found.candidatePairs).toBe(linked.candidatePairs);
    expect(between.found.candidatePairs).toBeLessThan(12);
  });

  it('--blocking analyse of the preset follows --link, as the linkage does', async () => {
    const args = ['dedupe', join(dir, 'people.csv'), join(dir, 'people-b.csv'), '--id', 'ref', '--link', 'link'];
    writeFileSync(join(dir, 'people-b.csv'), people);
    const found = JSON.parse((await ran([...args, '--blocking', 'analyse', '--json'])).text) as BlockingAnalysis & Pick<DedupeResult, 'columns'>;
    const linked = JSON.parse((await ran([...args, '--json'])).text) as DedupeResult;
    expect(found.rules.map(({ rule, pairs }) => [rule, pairs])).toEqual(linked.rules!.map(({ rule, pairs }) => [rule, pairs]));
    expect(found.candidatePairs).toBe(linked.candidatePairs);
    expect(found.columns.map(({ role }) => role)).toContain('surname');
  });
});

describe('dedupe refuses', () => {
  const file = () => join(dir, 'places.csv');
  it.each<[string, string[], number, RegExp]>([
    ['an option that it does not know', ['--idd', 'ref'], 2, /unknown option '--idd'/],
    ['to run without a column of ids', [], 2, /No column of ids is named \(--id\)/],
    ['settings without one, too', ['--settings', 'NOID'], 2, /No column of ids is named \(--id\)/],
    ['an analysis without one', ['--blocking', 'analyse'], 2, /No column of ids is named \(--id\)/],
    ['a column of truth that is not there', ['--id', 'ref', '--truth', 'whom'], 3, /no column "whom" \(--truth\)\. Did you mean who/],
    ['a checked column that is not there', ['--id', 'ref', '--check', 'sexx'], 3, /no column "sexx" \(--check\)\. Did you mean sex/],
    ['a checked column that is compared', ['--settings', 'OWN', '--check', 'place'], 2, /"place" reads the checked column \(--check\)/],
    ['settings beside a preset', ['--id', 'ref', '--preset', 'person', '--settings', 'OWN'], 2, /\(--settings, --preset\)\. Give one of them/],
    ['a preset that is none', ['--id', 'ref', '--preset', 'household'], 2, /no preset "household" \(--preset\)/],
    ['an analysis of a Splink model whose rule is wrong', ['--id', 'ref', '--blocking', 'analyse', '--settings', 'WRONG'], 3, /blocking rule 1: l\.place = r\.plaze/],
    ['another word for --blocking', ['--id', 'ref', '--blocking', 'learn'], 2, /"learn" is not allowed \(--blocking\)/],
    ['another word for --link', ['--id', 'ref', '--link', 'both'], 2, /"both" is not allowed \(--link\)\. Use --link dedupe or --link link or --link link-and-dedupe/],
    ['another word for --clusters', ['--id', 'ref', '--clusters', 'cliques'], 2, /"cliques" is not allowed \(--clusters\)/],
    ['labels for a Splink model, which is trained', ['--id', 'ref', '--settings', 'SPLINK', '--labels', 'LABELS'], 2, /trained already \(--labels\)/],
    ['to write a Splink model as one', ['--id', 'ref', '--settings', 'SPLINK', '--splink'], 2, /a Splink model already \(--splink\)/],
    ['to keep a linkage by settings', ['--settings', 'OWN', '--keep', 'KEPT'], 2, /by settings cannot be kept for further records \(--keep, --settings\)/],
    ['a threshold that is no probability', ['--id', 'ref', '--threshold', 'much'], 2, /between 0 and 1 \(--threshold\)/],
    ['a number of threads that is none', ['--id', 'ref', '--threads', '0'], 2, /"0" is no number of threads \(--threads\)/],
    ['the same for an analysis', ['--id', 'ref', '--blocking', 'analyse', '--threads', 'many'], 2, /"many" is no number of threads \(--threads\)/],
    ['a size of memory that is none', ['--id', 'ref', '--memory', 'lots'], 2, /"lots" is no size of memory \(--memory\)/],
    ['too little memory', ['--id', 'ref', '--memory', '1MB'], 2, /memory is too small for these records \(1MB\) \(--memory\)/],
  ])('%s', async (_what, args, code, words) => {
    const named: Record<string, string> = { OWN: join(dir, 'settings.yaml'), NOID: join(dir, 'no-id.yaml'), SPLINK: join(dir, 'splink-model.json'), LABELS: join(dir, 'labels.csv'), WRONG: join(dir, 'splink-wrong.json'), KEPT: join(dir, 'not-kept') };
    if (args.includes('WRONG')) writeFileSync(named.WRONG!, JSON.stringify({ ...splinkModel, blocking_rules_to_generate_predictions: ['l.place = r.plaze'] }));
    if (args.includes('NOID')) writeFileSync(named.NOID!, settings.replace('id: ref\n', ''));
    const refused = await runCommandHere(['dedupe', file(), ...args.map((word) => named[word] ?? word), '--out', join(dir, 'refused')]);
    expect(refused).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(words) });
    expect(existsSync(join(dir, 'refused', 'pairs.parquet'))).toBe(false);
  });

  it('to link without a folder to write to', async () => {
    expect(await runCommandHere([...places, '--id', 'ref'])).toMatchObject({ code: 2, stderr: expect.stringContaining('(--out). Name the folder with --out.') });
  });
});
