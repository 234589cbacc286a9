import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNhsNumber, isUpn } from '../core/index.ts';
import { readContract } from './feed.writer.ts';
import { simulate, type Simulated } from './simulate.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-simulate-'));
const options = { people: 5000, months: 30, seed: 3 };
let all: Simulated;
let again: Simulated;
let none: Simulated;

beforeAll(async () => {
  all = await simulate({ ...options, out: join(dir, 'all') });
  again = await simulate({ ...options, out: join(dir, 'again') });
  none = await simulate({ ...options, out: join(dir, 'none'), planted: 'none' });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Cells of a file; quoted cells with commas are kept whole. */
function rowsOf(path: string): Record<string, string>[] {
  const bytes = readFileSync(path);
  const [head, ...lines] = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  const cells = (line: string) => (line.includes('"') ? [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '') : line.split(','));
  const names = cells(head!);
  return lines.filter(Boolean).map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i]!, cell])));
}

const filesOf = (run: Simulated, feed: string) => run.files.filter((file) => file.feed === feed);
const feedRows = (run: Simulated, feed: string) => filesOf(run, feed).flatMap(({ path }) => rowsOf(path));
const truthRows = (run: Simulated, list: string) => rowsOf(run.truth.find((path) => basename(path) === `${list}.csv`)!);
const planted = (run: Simulated) => JSON.parse(readFileSync(run.truth.find((path) => path.endsWith('planted.json'))!, 'utf8')) as Record<string, Record<string, never>>;

const feeds = readdirSync(join(import.meta.dirname, '../../packs/feeds')).map((file) => file.replace('.yaml', '')).filter((feed) => feed !== 'area-lookup');
const persons: Record<string, string> = { 'police-involvement': 'nominal_ref', 'custody-episode': 'nominal_ref', 'ambulance-call': 'patient_ref', 'school-roll': 'upn', 'school-absence': 'upn', 'school-suspension': 'upn', 'early-help-episode': 'child_ref', 'social-care-contact': 'child_ref', tenancy: 'tenant_ref', 'asb-complaint': 'complainant_ref', 'treatment-episode': 'client_ref' };

describe('a simulated partnership', () => {
  it('writes every feed but the lookup of real areas, under the headings of its contract', () => {
    expect([...new Set(all.files.map((file) => file.feed))].toSorted()).toEqual(feeds.toSorted());
    for (const { feed, path } of all.files) {
      if (feed === 'boundary') continue;
      const bytes = readFileSync(path);
      const head = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n')[0]!;
      expect(head, path).toBe(readContract(feed).headings.join(','));
    }
  });

  it('counts the rows it wrote', () => {
    for (const { feed, path, rows } of all.files) if (feed !== 'boundary') expect(rowsOf(path), path).toHaveLength(rows);
  });

  it('is the same bytes for the same seed, people and months', () => {
    const hashes = (run: Simulated, root: string) => [...run.files.map((file) => file.path), ...run.truth].map((path) => [relative(root, path), createHash('sha256').update(readFileSync(path)).digest('hex')]);
    expect(hashes(again, join(dir, 'again'))).toEqual(hashes(all, join(dir, 'all')));
  });

  it('knows the person behind every agency id of every row that names a person', () => {
    const identity = new Set(truthRows(all, 'identity').map((row) => `${row['agency']} ${row['local_id']}`));
    const people = new Set(truthRows(all, 'person').map((row) => row['person']));
    for (const [feed, column] of Object.entries(persons)) {
      const { agency } = readContract(feed);
      for (const row of feedRows(all, feed)) if (row[column]) expect(identity.has(`${agency} ${row[column]}`), `${feed} ${row[column]}`).toBe(true);
    }
    for (const row of truthRows(all, 'identity')) expect(people.has(row['person'])).toBe(true);
  });

  it('gives each agency id once, and to one person', () => {
    const ids = truthRows(all, 'identity').map((row) => `${row['agency']} ${row['local_id']}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('knows where everybody lived on every day they were there', () => {
    const homes = truthRows(all, 'home');
    const first = new Map<string, string>();
    for (const { person, from } of homes) if (!first.has(person!) || from! < first.get(person!)!) first.set(person!, from!);
    for (const { person, arrived_on: arrived } of truthRows(all, 'person')) expect(first.get(person!), person).toBe(arrived);
  });

  it('uses NHS numbers of the test range, pupil numbers of no authority, drama telephone numbers and example.org alone', () => {
    const numbers = ['ambulance-call', 'social-care-contact', 'treatment-episode'].flatMap((feed) => feedRows(all, feed).map((row) => row['nhs_number']!)).filter(Boolean);
    expect(numbers.length).toBeGreaterThan(500);
    for (const number of numbers) expect(isNhsNumber(number) && number.startsWith('999'), number).toBe(true);
    const upns = feedRows(all, 'school-roll').map((row) => row['upn']!);
    for (const upn of upns) expect(isUpn(upn) && upn.slice(1, 4) === '000', upn).toBe(true);
    const phones = ['police-involvement', 'tenancy', 'asb-complaint'].flatMap((feed) => feedRows(all, feed).map((row) => row['phone']!)).filter((phone) => /\d/.test(phone));
    for (const phone of phones) expect(phone).toMatch(/^(07700 900\d{3}|01632 960\d{3}|01[1-9]\d 496 0\d{3}|0191 498 0\d{3}|020 7946 0\d{3}|028 9649 6\d{3}|029 2018 0\d{3}|03069 990\d{3}|0808 157 0\d{3})$/);
    for (const { email } of feedRows(all, 'tenancy')) if (email && !email.startsWith('=')) expect(email).toMatch(/@example\.org$/);
  });

  it('records crime from incidents: each crime reference of an incident is one in the truth, and the published month is the month of report', () => {
    const crimes = new Map(truthRows(all, 'crime').map((row) => [row['crime_ref']!, row]));
    const street = new Set(feedRows(all, 'police-uk-street').map((row) => row['Crime ID']).filter(Boolean));
    let linked = 0;
    for (const row of feedRows(all, 'police-incident')) {
      if (!row['crime_ref']?.startsWith('47/')) continue;
      const crime = crimes.get(row['crime_ref']);
      expect(crime?.['incident_ref']).toBe(row['incident_ref']);
      if (/^\d{4}-\d{2}-\d{2}T/.test(row['reported_at']!) && !row['reported_at']!.includes('-02-31')) expect(crime?.['month']).toBe(row['reported_at']!.slice(0, 7));
      linked += 1;
    }
    expect(linked).toBeGreaterThan(600);
    for (const { crime_id: id } of crimes.values()) expect(street.has(id!)).toBe(true);
  });

  it('sends open incidents first as open and, in a later file, closed', () => {
    const states = new Map<string, Set<string>>();
    for (const { path } of filesOf(all, 'police-incident')) {
      for (const row of rowsOf(path)) {
        const key = row['incident_ref']!;
        if (row['outcome'] === 'Open') states.set(key, new Set([path]));
        else states.get(key)?.add(path);
      }
    }
    expect(states.size).toBeGreaterThan(50);
    const twice = [...states.values()].filter((paths) => paths.size === 2).length;
    expect(twice).toBeGreaterThan(0.97 * states.size);
  });

  it('keeps to code lists, dates and areas, but for the mistakes that are counted', () => {
    const mistakes = truthRows(all, 'data-error');
    const areas = new Set(feedRows(all, 'area-profile').map((row) => row['lsoa21_code']));
    const marked = new Set(mistakes.map((row) => `${row['file']} ${row['line']}`));
    for (const { feed, path } of all.files) {
      if (feed === 'boundary' || feed.startsWith('police-uk')) continue;
      const { headings, types } = readContract(feed);
      rowsOf(path).forEach((row, i) => {
        headings.forEach((heading, h) => {
          const value = row[heading]!;
          if (value === '' || marked.has(`${basename(path)} ${i + 2}`)) return;
          if (types[h] === 'lsoa') expect(areas.has(value)).toBe(true);
          if (types[h] === 'date') expect(value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
          if (types[h] === 'datetime') expect(value).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/);
          if (types[h] === 'boolean') expect(['true', 'false']).toContain(value);
          if (types[h] === 'longitude') expect(Math.abs(Number(value) - 0.1)).toBeLessThan(0.2);
        });
      });
    }
    expect(mistakes.length).toBeGreaterThan(150);
    expect(mistakes.length).toBeLessThan(420);
  });

  it('ends on the fixed last month', () => {
    expect(feedRows(all, 'police-uk-street').map((row) => row['Month']!).toSorted().at(-1)).toBe('2026-10');
  });

  it('refuses people, months and first months that make no sense', async () => {
    await expect(simulate({ out: dir, people: 3 })).rejects.toThrow(/500 to 3,000,000/);
    await expect(simulate({ out: dir, months: 0 })).rejects.toThrow(/1 to 120/);
    await expect(simulate({ out: dir, firstMonth: 'March' })).rejects.toThrow(/not a month/);
  });
});

describe('what is planted', () => {
  it('is written with its parameters, and nothing with planted none', () => {
    expect(Object.keys(planted(all)).toSorted()).toEqual([
      'codeChange', 'dataErrors', 'doubledMonth', 'hiddenViolence', 'hotSpots', 'identityNoise', 'lateMonth', 'nearRepeat', 'outbreak', 'practiceBreak', 'programmeA', 'programmeB', 'programmeC', 'programmeD', 'programmeE', 'seasonsAndTrends', 'stoppedFeed', 'timeRounding',
    ]);
    expect(planted(none)).toEqual({});
    for (const list of ['hot-spot', 'programme-a', 'programme-b', 'programme-c', 'programme-e', 'near-repeat', 'data-error']) {
      expect(truthRows(all, list).length, list).toBeGreaterThan(0);
      expect(truthRows(none, list), list).toEqual([]);
    }
  });

  it('leaves the county and its people the same', () => {
    const people = (run: Simulated) => truthRows(run, 'person').map((row) => ({ ...row, nhs_number: '' }));
    expect(people(none)).toEqual(people(all));
    expect(feedRows(none, 'area-profile')).toEqual(feedRows(all, 'area-profile'));
    expect(truthRows(none, 'home')).toEqual(truthRows(all, 'home'));
  });

  it('brings a month late, a month twice, and six weeks without a feed', () => {
    const { lateMonth, doubledMonth, stoppedFeed } = planted(all) as unknown as Record<string, { feed: string; month: string; arrivesIn: string; from: string; to: string }>;
    const calls = (run: Simulated, file: string, month: string) => rowsOf(filesOf(run, 'ambulance-call').find(({ path }) => path.includes(file))!.path).filter((row) => row['called_at']!.startsWith(month)).map((row) => row['call_ref']!);
    expect(filesOf(all, 'ambulance-call').some(({ path }) => path.includes(lateMonth!.month))).toBe(false);
    expect(calls(all, lateMonth!.arrivesIn, lateMonth!.month).length).toBeGreaterThan(20);
    const first = calls(all, doubledMonth!.month, doubledMonth!.month);
    expect(first.length).toBeGreaterThan(20);
    expect(calls(all, doubledMonth!.arrivesIn, doubledMonth!.month)).toEqual(first);
    const stopped = (run: Simulated) => feedRows(run, 'asb-complaint').filter((row) => row['received_at']!.slice(0, 10) >= stoppedFeed!.from && row['received_at']!.slice(0, 10) <= stoppedFeed!.to && !row['received_at']!.includes('-02-31'));
    expect(stopped(all)).toEqual([]);
    expect(stopped(none).length).toBeGreaterThan(0);
  });

  it('finds each mistake on the line that the truth names', () => {
    for (const { feed, file, line, kind, column, value } of truthRows(all, 'data-error')) {
      const rows = rowsOf(filesOf(all, feed!).find(({ path }) => basename(path) === file)!.path);
      const row = rows[Number(line) - 2]!;
      if (kind === 'repeated-row') expect(row).toEqual(rows[Number(line) - 3]);
      else expect(row[column!], `${file} ${line} ${kind}`).toBe(value);
    }
  });
});
