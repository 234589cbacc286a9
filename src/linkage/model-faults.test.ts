// What is wrong with a model is said, for the preset, settings and Splink models alike; where nothing is wrong, nothing is said.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck } from '../store/index.ts';
import { dedupeFiles, linkRecords, personSettings, type DedupeOptions } from './index.ts';
import { findFaults, findUntrained, type JudgedLevel } from './model-faults.ts';
import { makeRows, writeRows } from './random-people.fixture.ts';
import { tinyHeadings, tinyRows } from './tiny-files.fixture.ts';

const level = (label: string, m: number, u: number, more: Partial<JudgedLevel> = {}): JudgedLevel => ({ label, m, u, ...more });
const faultsOf = (levels: JudgedLevel[], matches?: number) => findFaults([{ name: 'x', levels, ...(matches === undefined ? {} : { matches }) }]);
const good = [level('Same', 0.8, 0.01), level('Near', 0.15, 0.04), level('Different', 0.05, 0.95)];

describe('findFaults', () => {
  it('says nothing of a model without a fault', () => {
    expect(faultsOf(good)).toEqual([]);
    expect(faultsOf(good, 1000)).toEqual([]);
    expect(findUntrained([{ name: 'x', levels: good, matches: 20 }, { name: 'y', levels: good }])).toEqual([]);
  });

  it('names m and u that are no chances, or do not add up to one', () => {
    expect(faultsOf([level('Same', 1, 0.01), level('Different', 0, 0.99)])).toEqual(['"x": m of "Same" is 1, not between 0 and 1', '"x": m of "Different" is 0, not between 0 and 1']);
    expect(faultsOf([level('Same', 0.6, 0.01), level('Different', 0.2, 0.9)])).toEqual(["\"x\": the levels' m add up to 0.800, not 1", "\"x\": the levels' u add up to 0.910, not 1"]);
  });

  it('names agreement that speaks against one person, and a last level that speaks for one', () => {
    const turned = [level('Same', 0.1, 0.5, { start: 3 }), level('Different', 0.9, 0.5, { start: -3 })];
    const faults = ['"x": the first level, "Same", speaks against one person (m below u)', '"x": the last level, "Different", speaks for one person (m above u)'];
    expect(faultsOf(turned, 1000)).toEqual([...faults, '"x": "Same" (-2.3 bits) weighs less than "Different" (0.8 bits), which stands below it']);
    expect(faultsOf(turned, 19)).toEqual([]);
  });

  it('names a level that weighs less than one below it, with the heaviest of those', () => {
    const levels = [level('Same', 0.4, 0.05, { start: 6 }), level('Near', 0.3, 0.01, { start: 4 }), level('Like', 0.25, 0.005, { start: 2 }), level('Different', 0.05, 0.935, { start: -5 })];
    const near = '"x": "Same" (3.0 bits) weighs less than "Like" (5.6 bits), which stands below it';
    // From Near to Like it is .7 bits: learned, that is not much; given, it is what the model says.
    expect(faultsOf(levels, 1000)).toEqual([near]);
    expect(faultsOf(levels.map(({ start: _start, ...one }) => one))).toEqual([near, '"x": "Near" (4.9 bits) weighs less than "Like" (5.6 bits), which stands below it']);
    expect(faultsOf(levels.map((one) => ({ ...one, given: true })), 1000)).toHaveLength(2);
  });

  it('takes no order from few matches, from values that differ in frequency, or against the starting values', () => {
    const levels = [level('Same', 0.4, 0.05, { start: 6 }), level('Near', 0.55, 0.02, { start: 4 }), level('Different', 0.05, 0.93, { start: -5 })];
    expect(faultsOf(levels, 100)).toHaveLength(1);
    expect(faultsOf(levels, 49)).toEqual([]);
    expect(faultsOf([{ ...levels[0]!, varies: true }, ...levels.slice(1)], 100)).toEqual([]);
    expect(faultsOf([{ ...levels[0]!, start: 3 }, ...levels.slice(1)], 100)).toEqual([]);
  });

  it('names what too few matches taught', () => {
    expect(findUntrained([{ name: 'x', levels: good, matches: 19 }])).toEqual(['No session trained "x": it keeps its starting m']);
  });
});

const dir = newFolder('faults');
const write = (name: string, content: string) => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};
const people = () => write('people.csv', [tinyHeadings, ...tinyRows(200)].join('\n'));
const link = (options: Partial<DedupeOptions> = {}) => dedupeFiles({ files: [people()], idColumn: 'ref', sourceColumn: 'agency', out: join(dir, 'out'), memoryLimit: '1GB', ...options });
const warningsOf = async (options: Partial<DedupeOptions> = {}) => (await link(options)).warnings;
const untrained = (name: string) => `No session trained "${name}": it keeps its starting m`;

describe('a linkage of files', () => {
  const settings = (more: string) => write('settings.yaml', `comparisons:
  - {name: given, template: forename, column: given}
  - {name: family, template: surname, column: family}
  - {name: born, template: date-of-birth, column: dob}
  - {name: postcode, template: postcode, column: postcode}
${more}blocking:
  - [clean_born]
  - [clean_family, clean_given]
`);

  let sound: Promise<Awaited<ReturnType<typeof link>>[]> | undefined;
  /** With nothing wrong, by settings and by the preset: once for what is asked of both. */
  const soundLinkages = () => (sound ??= (async () => [await link({ settingsFile: settings(''), out: join(dir, 'by-settings') }), await link({ out: join(dir, 'by-preset') })])());

  it('with nothing wrong has no warning, by settings or by the preset', async () => {
    const [bySettings, byPreset] = await soundLinkages();
    expect(bySettings!.warnings).toEqual([]);
    const empty = ['Middle name', 'NHS number', 'UPN', 'E-mail'].map((name) => `"${name}" holds nothing that can be compared and was left out`);
    expect(byPreset!.warnings).toEqual(empty);
  });

  it('tells how each session went, round by round, by settings and by the preset', async () => {
    expect(await soundLinkages()).toHaveLength(2);
    for (const { sessions } of await soundLinkages()) {
      expect(sessions!.length).toBeGreaterThan(1);
      for (const { iterations, converged, trace } of sessions!) {
        expect(trace.map(({ iteration }) => iteration)).toEqual(Array.from({ length: iterations }, (_, index) => index + 1));
        expect(converged).toBe(trace.at(-1)!.change < 1e-4);
        expect(trace.slice(0, -1).every(({ change }) => change >= 1e-4)).toBe(true);
      }
    }
  });

  it('by settings names what no session trained, also when the saved model is used again, but not what is fixed', async () => {
    // Both rules read the sex, so that no session trains its comparison; what the height says is fixed.
    const file = settings(`  - {name: sex, template: exact, column: sex}
  - name: height
    missing: l.height IS NULL OR r.height IS NULL
    levels: [{label: Same height, when: l.height = r.height, m: 0.9, u: 0.02}, {label: Other height, m: 0.1, u: 0.98}]
`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('- [clean_born]', '- [clean_born, sex, height]').replace('- [clean_family, clean_given]', '- [clean_family, clean_given, sex, height]'));
    expect(await warningsOf({ settingsFile: file, out: join(dir, 'first') })).toEqual([untrained('sex')]);
    expect(await warningsOf({ settingsFile: join(dir, 'first', 'model.json') })).toEqual([untrained('sex')]);
  });

  it('by settings names a comparison that is the wrong way round', async () => {
    const wrong = `  - name: sex
    missing: l.sex IS NULL OR r.sex IS NULL
    levels: [{label: Other sex, when: l.sex <> r.sex}, {label: Same sex}]
`;
    expect(await warningsOf({ settingsFile: settings(wrong) })).toEqual([
      '"sex": the first level, "Other sex", speaks against one person (m below u)', '"sex": the last level, "Same sex", speaks for one person (m above u)',
    ]);
  });

  it('by a Splink model names its inconsistencies', async () => {
    const splinkLevel = (label: string, sql: string, m?: number, u?: number) => ({ label_for_charts: label, sql_condition: sql, ...(m === undefined ? { is_null_level: true } : { m_probability: m, u_probability: u }) });
    const model = (same: number, near: number) => write('model.json', JSON.stringify({
      link_type: 'dedupe_only', probability_two_random_records_match: 0.01, blocking_rules_to_generate_predictions: ['l.dob = r.dob'],
      comparisons: [{ output_column_name: 'family', comparison_levels: [splinkLevel('Null', 'family_l IS NULL OR family_r IS NULL'), splinkLevel('Same', 'family_l = family_r', same, 0.1), splinkLevel('Near', 'levenshtein(family_l, family_r) < 2', near, 0.1), splinkLevel('Other', 'ELSE', 0.1, 0.8)] }],
    }));
    expect(await warningsOf({ settingsFile: model(0.7, 0.2) })).toEqual([]);
    expect(await warningsOf({ settingsFile: model(0.2, 0.7) })).toEqual(['"family": "Same" (1.0 bits) weighs less than "Near" (2.8 bits), which stands below it']);
  });
});

describe('a linkage of agencies', () => {
  it('names what no session trained and what speaks the wrong way', async () => {
    const duck = await openDuck({ memoryLimit: '1GB' });
    // The sex of a record is that of its agency: records of one person in two agencies mostly differ on it.
    await writeRows(duck, makeRows(150).map((row) => ({ ...row, sex: row.agency === 'a0' ? 'M' : 'F', upn: null })));
    const settings = personSettings();
    const twoOnly = { ...settings, training: settings.training.map((rule) => ({ ...rule, fixes: [...rule.fixes, 'middle_names'] })) };
    const { warnings, model } = await linkRecords(duck, { source: 'source_record', out: 'x', settings: twoOnly });
    duck.close();
    expect(warnings).toContain(untrained('Middle name'));
    expect(model.filter(({ trained }) => !trained).map(({ label }) => untrained(label))).toEqual(warnings.filter((warning) => warning.startsWith('No session')));
    expect(warnings).toEqual(expect.arrayContaining(['"Sex": the first level, "Same sex", speaks against one person (m below u)', '"Sex": the last level, "Sex differs", speaks for one person (m above u)']));
  });
});
