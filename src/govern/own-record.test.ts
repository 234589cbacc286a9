import { describe, expect, it } from 'vitest';
import { houseAndPostcode, ownRecordFlags } from './own-record.ts';
import type { HeldRow, RecordFeed } from './person-record.ts';

const column = (name: string, person: string) => ({ name, label: name, type: 'text', identifying: true, person });
const feeds: RecordFeed[] = [{ feed: 'tenancy', title: 'Tenancies', holder: 'housing', columns: [column('given', 'forename'), column('family', 'surname'), column('line', 'address'), column('code', 'postcode')] }];
const row = (given: string | null, family: string | null, line: string | null = null, code: string | null = null, feed = 'tenancy'): HeldRow => ({ personKey: 'P1', feed, load: 'l1', line: 2, rowKey: 'k2', file: 'f.csv', loadedAt: '2026-11-01T00:00:00Z', values: { given, family, line, code }, others: [] });
const flags = (name: string, rows: HeldRow[], address?: string) => ownRecordFlags({ name, address }, rows, feeds);

describe('A record is flagged as the reader’s own', () => {
  it.each([
    ['Samuel Adeyemi', 'SAMUEL', 'Adeyemi'], ['Zoë O’Neill', 'Zoe', 'ONEILL '], ['Dr Priya K. Nair', 'Priya', 'Nair'], ['Adeyemi, Samuel', 'Samuel James', 'Adeyemi'],
  ])('where %s reads about %s %s', (name, given, family) => {
    const joined = name.includes('’') ? name.replace('’', '') : name;
    expect(flags(joined, [row('Else', 'Body'), row(given, family)])).toEqual(['own-name']);
  });

  it.each([['Samuel Adeyemi', 'Sam', 'Adeyemi'], ['Samuel Adeyemi', 'Samuel', 'Adeyemi-Jones'], ['Samuel', 'Samuel', 'Samuel'], ['Samuel Adeyemi', null, 'Adeyemi'], ['', '', '']])('but not where %s reads about %s %s', (name, given, family) => {
    expect(flags(name, [row(given, family)])).toEqual([]);
  });

  it('where number and postcode of the address are theirs, however they are written', () => {
    const own = '12 Mill Lane, Fenmarch FE1 2AB';
    expect(flags('A B', [row('X', 'Y', '12 MILL LN', 'fe12ab')], own)).toEqual(['own-address']);
    expect(flags('A B', [row('X', 'Y', '14 Mill Lane', 'FE1 2AB')], own)).toEqual([]);
    expect(flags('A B', [row('X', 'Y', '12 Mill Lane', 'FE1 2AC')], own)).toEqual([]);
    expect(flags('A B', [row('X', 'Y', 'Mill House', 'FE1 2AB')], 'Mill House FE1 2AB')).toEqual([]);
    expect(flags('A B', [row('X', 'Y', '12 Mill Lane', 'FE1 2AB')])).toEqual([]);
  });

  it('by both, and never by a feed that is not known here', () => {
    expect(flags('Ann Bee', [row('Ann', 'Bee', '3 High St', 'FE1 2AB')], '3 High Street, FE1 2AB')).toEqual(['own-name', 'own-address']);
    expect(flags('Ann Bee', [row('Ann', 'Bee', null, null, 'other')])).toEqual([]);
  });
});

describe('Of an address is kept', () => {
  it.each([['12 Mill Lane, Fenmarch FE1 2AB', '12 FE12AB'], ['Flat 3b\nMill House\nfe12ab', '3b FE12AB'], ['Mill House, FE1 2AB', undefined], ['12 Mill Lane', undefined], ['', undefined]])('the number and the postcode alone: %j', (address, kept) => {
    expect(houseAndPostcode(address)).toBe(kept);
  });
});
