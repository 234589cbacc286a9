import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAgencyCode, readAgencies } from './agency.ts';
import { readAgreementPacks } from './agreement-packs.ts';
import { contentFromTemplate } from './agreement-template.ts';
import { forceOf, mayCarry, powerKinds, readLegalPowers } from './legal-power.ts';
import { readPurposes } from './purpose.ts';
import { presentSchedule, readRetention } from './retention-schedule.ts';
import { startOfBritishDay } from './british-day.ts';
import { readDataItems } from './data-item.ts';

const packs = readAgreementPacks(undefined);
let local = '';
beforeAll(() => {
  local = mkdtempSync(join(tmpdir(), 'packs-'));
});
afterAll(() => rmSync(local, { recursive: true, force: true }));

describe('the packs of agreements', () => {
  it('hold the purposes that the work needs, each in a sentence', () => {
    expect([...packs.purposes.keys()]).toEqual(expect.arrayContaining(['understand-demand', 'early-help', 'safeguarding-children', 'safeguarding-adults', 'record-linkage', 'evaluation', 'commissioning', 'account-to-public', 'information-governance']));
    for (const { says, title } of packs.purposes.values()) expect(`${title}: ${says}`).toMatch(/^[A-Z].*\.$/);
  });

  it('hold a power of every kind, each with its source and date, and name only kinds that there are', () => {
    expect(new Set([...packs.powers.values()].map(({ kind }) => kind))).toEqual(new Set(powerKinds));
    for (const power of packs.powers.values()) {
      expect(power.source.length, power.code).toBeGreaterThan(8);
      if (/from memory/i.test(power.source)) expect(power.checked, power.code).toBe(false);
    }
  });

  it('hold for criminal offence data the conditions of Schedule 1 that joined-up work stands on', () => {
    const conditions = [...packs.powers.values()].filter(({ kind }) => kind === 'article10').map(({ citation }) => /paragraphs? (\d+)/.exec(citation)![1]!);
    expect(conditions.toSorted((a, b) => Number(a) - Number(b))).toEqual(['2', '3', '4', '6', '10', '17', '18']);
  });

  it('refuse a body that is a part of one which the partnership does not have, of itself, or of a part', () => {
    const read = (council: string, panel: string) => {
      writeFileSync(join(local, 'agencies.yaml'), `source: Ours\ndate: 2026-01-01\nagencies:\n  council: { title: Council${council} }\n  panel: { title: Panel, partOf: ${panel} }\n`);
      return readAgencies(local).value.get('panel');
    };
    try {
      expect(read('', 'council')).toMatchObject({ partOf: 'council' });
      for (const [council, panel] of [['', 'county'], ['', 'panel'], [', partOf: panel', 'council']] as const) expect(() => read(council, panel), panel).toThrow(/partOf.*must be the code of another agency/s);
    } finally {
      rmSync(join(local, 'agencies.yaml'));
    }
  });

  it('hold the duty to share of 2026 as not commenced, until a partnership sets its day', () => {
    const power = packs.powers.get('children-2004-16la')!;
    expect(power).toMatchObject({ inForceFrom: null, checked: false });
    expect(forceOf(power)).toEqual({ from: Infinity, to: Infinity });
    expect(forceOf({ ...power, inForceFrom: '2026-09-01' })).toEqual({ from: startOfBritishDay('2026-09-01'), to: Infinity });
  });

  it('keep patient information, and what health and social care hold, out of the serious violence duty', () => {
    const power = packs.powers.get('serious-violence-2022-16')!;
    const load = { kinds: [], sector: 'police', form: 'pseudonymised' } as const;
    expect(mayCarry(power, load)).toBe(true);
    expect(mayCarry(power, { ...load, kinds: ['health'] })).toBe(false);
    expect(mayCarry(power, { ...load, sector: 'social-care' })).toBe(false);
    expect(mayCarry(power, { ...load, sector: 'health', form: 'identified' })).toBe(false);
  });

  it('name for each feed of the product which protected data it holds', () => {
    expect([...packs.feeds.values()].filter(({ unlisted }) => unlisted)).toEqual([]);
    const column = (feed: string, name: string) => packs.feeds.get(feed)!.columns.find((each) => each.name === name);
    expect(column('treatment-episode', 'substance')).toMatchObject({ kinds: ['health', 'criminal'], identifying: false });
    expect(column('social-care-contact', 'ethnicity')).toMatchObject({ kinds: ['special'], identifying: false });
    expect(column('tenancy', 'tenancy_ref')).toMatchObject({ identifying: true });
  });

  it('count a feed of whose data nothing is said as holding all kinds', () => {
    writeFileSync(join(local, 'data-items.yaml'), 'source: Ours\ndate: 2026-01-01\nchecked: true\nfeeds: {}\nsections: {}\n');
    const feed = readDataItems(local).feeds.get('tenancy')!;
    expect(feed).toMatchObject({ unlisted: true, children: true });
    expect(feed.columns[0]!.kinds).toEqual(['health', 'criminal', 'special']);
    rmSync(join(local, 'data-items.yaml'));
  });

  it.each([
    ['legal-powers', 'source: x\ndate: 2026-01-01\npowers:\n  one: { title: t, citation: c, says: s, regime: any, kind: gateway, inForceFrom: 2026-02-01, inForceTo: 2026-01-01, source: x, date: 2026-01-01, checked: true }\n', /inForceTo: must not lie before inForceFrom/, () => readLegalPowers(local)],
    ['legal-powers', 'source: x\ndate: 2026-01-01\npowers:\n  one: { title: t, citation: c, says: s, regime: any, kind: whim, inForceFrom: null, source: x, date: 2026-01-01, checked: true }\n', /powers\.one\.kind/, () => readLegalPowers(local)],
    ['purposes', 'source: x\ndate: 2026-01-01\nchecked: true\npurposes:\n  Two Words: { title: t, says: s, regime: uk-gdpr, identified: false }\n', /purposes\.Two Words: Invalid key/, () => readPurposes(local)],
    ['retention', 'source: x\ndate: 2026-01-01\nagreement: { longestYears: 5, longestReviewYears: 2, source: x, date: 2026-01-01, checked: true }\nschedules:\n  one: { title: t, holder: null, from: closed, review: null, source: x, date: 2026-01-01, checked: true }\n', /must say years or age/, () => readRetention(local)],
    ['data-items', 'source: x\ndate: 2026-01-01\nchecked: true\nfeeds:\n  tenancy: { health: [mood] }\nsections: {}\n', /The feed tenancy has no column "mood"/, () => readDataItems(local)],
  ])('of a partnership (%s) are refused where they are wrong, with the place', (name, yaml, message, read) => {
    writeFileSync(join(local, `${name}.yaml`), yaml);
    expect(read).toThrow(message);
    rmSync(join(local, `${name}.yaml`));
  });

  it('say a retention schedule in words', () => {
    const words = (code: string) => presentSchedule(packs.retention.schedules.get(code)!);
    expect(words('early-help')).toBe('Kept for 6 years after the case was closed, or until the person would be 25, whichever is later.');
    expect(words('police-group-1')).toBe('Kept until the person would be 100. The need to keep them is decided anew every 10 years.');
    expect(words('source-schedule')).toBe('Kept no longer than the agency that gave the data keeps its own record. The need to keep them is decided anew every year.');
  });

  it('date a template from its first day to the day before the year is round', () => {
    const content = contentFromTemplate(packs.templates.get('early-help-for-families')!, '2026-12-01');
    expect(content).toMatchObject({ startsOn: '2026-12-01', reviewOn: '2027-06-01', endsOn: '2027-11-30' });
  });
});

describe('findAgencyCode', () => {
  const agencies = readAgencies(undefined).value;

  it.each([['police', 'police'], ['Police', 'police'], ['  early   HELP ', 'early-help'], ['Children’s social care', 'social-care'], ['Violence reduction unit', 'violence-reduction-unit']])('takes %j as %s', (claim, code) => {
    expect(findAgencyCode(agencies, claim)).toBe(code);
  });

  it('knows nobody else, and does not choose between two of one name', () => {
    expect(['', 'Navy', 'police; early-help', '__proto__'].map((claim) => findAgencyCode(agencies, claim))).toEqual([undefined, undefined, undefined, undefined]);
    const two = new Map([['a', { code: 'a', title: 'Council', sector: 'council' as const }], ['b', { code: 'b', title: 'Council', sector: 'council' as const }]]);
    expect(findAgencyCode(two, 'Council')).toBeUndefined();
    expect(findAgencyCode(two, 'b')).toBe('b');
  });
});
