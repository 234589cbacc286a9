import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countSlips, fitPerson, shownFields, type PersonQuery } from './person-search.ts';
import type { HeldRow, RecordFeed, ShownFeed } from './person-record.ts';

const shown = (values: Record<string, string>): ShownFeed[] => [
  {
    feed: { feed: 'roll', title: 'Roll', holder: 'education', columns: [] },
    by: [],
    rows: [{
      feed: 'roll', load: 'roll/000001-000000000000', line: 2, rowKey: 'roll-2', file: 'roll.csv', loadedAt: '2026-11-01T00:00:00Z', date: null,
      cells: Object.entries(values).map(([person, value]) => ({ column: { name: person, label: person, type: 'text', identifying: true, person }, value, by: { allowed: true as const, by: 'clause' as const, clause: { agreementId: 'a', version: 1, clause: 1 } } })),
    }],
  },
];
const peg = shown({ forename: 'Margaret', middle_names: 'Rose Ann', surname: "O'Thistlewood", birth_date: '1961-04-17', postcode: 'LU1 1AA', local_id: 'N0012345' });
const fits = (query: PersonQuery) => fitPerson(query, peg)?.fields.map(({ fit }) => fit);

describe('how well somebody fits', () => {
  test.each<[string, PersonQuery, string[] | undefined]>([
    ['a name in other letters', { surname: 'othistlewood' }, ['same']],
    ['two slips in a long name', { surname: 'Othislewod' }, ['near']],
    ['another name', { surname: 'Featherstone' }, undefined],
    ['a middle name', { forename: 'Ann' }, ['same']],
    ['day and month swapped', { birthDate: '1961-17-04', surname: 'OThistlewood' }, ['same', 'near']],
    ['one figure of the year', { birthDate: '1967-04-17', surname: 'OThistlewood' }, ['same', 'near']],
    ['a postcode without its space', { postcode: 'lu11aa' }, ['same']],
    ['a number', { number: 'n-0012345' }, ['same']],
    ['a number that begins so', { number: 'N001' }, undefined],
    ['a surname that begins so', { surname: 'Othi' }, undefined],
    ['a name alone that fits where most does not', { forename: 'Margaret', surname: 'Quill', birthDate: '2001-01-01' }, undefined],
  ])('%s', (_, query, expected) => expect(fits(query)).toEqual(expected));

  test('what is not shown neither finds nor ranks', () => {
    const some = shown({ surname: 'Quillfeather' });
    expect(fitPerson({ surname: 'Quillfeather', birthDate: '1961-04-17' }, some)).toBeUndefined();
    expect(fitPerson({ surname: 'Quillfeather', forename: 'Ann' }, some)?.fields).toEqual([{ field: 'surname', fit: 'same' }, { field: 'forename', fit: 'not-shown' }]);
    expect(fitPerson({ surname: 'Quillfeather' }, [])).toBeUndefined();
    expect(fitPerson({}, some)).toBeUndefined();
  });

  test('slips are counted alike both ways, none in the same word, and never beyond one more than asked', () => {
    const word = string({ maxLength: 12 });
    assert(property(word, word, (a, b) => {
      expect(countSlips(a, b, 2)).toBe(countSlips(b, a, 2));
      expect(countSlips(a, a, 2)).toBe(0);
      expect(countSlips(a, b, 2)).toBeLessThanOrEqual(3);
    }));
    expect([countSlips('smith', 'smiht', 2), countSlips('smith', 'smyth', 2), countSlips('smith', 'smiths', 2), countSlips('smith', 'jones', 2)]).toEqual([1, 1, 1, 3]);
  });
});

describe('what may be compared', () => {
  const columns = (['forename', 'surname', 'address'] as const).map((person) => ({ name: `his_${person}`, label: person, type: 'text', identifying: true, person }));
  const feeds: RecordFeed[] = [{ feed: 'roll', title: 'Roll', holder: 'education', columns }, { feed: 'club', title: 'Club', holder: 'education', columns }, { feed: 'visit', title: 'Visits', holder: 'council', columns }];
  const row = (feed: string, line: number, values: HeldRow['values']): HeldRow => ({ personKey: 'P1', feed, load: `${feed}/000001-000000000000`, line, rowKey: String(line), file: 'f.csv', loadedAt: '2026-11-01T00:00:00Z', values, others: [] });
  const by = { allowed: true as const, by: 'clause' as const, clause: { agreementId: 'a', version: 1, clause: 1 } };
  const show = (rows: HeldRow[], hides: (row: HeldRow, column: string) => boolean): ShownFeed[] => feeds.map((feed) => ({ feed, by: [by], rows: rows.filter((each) => each.feed === feed.feed).map((each) => ({ ...each, date: null, cells: columns.flatMap((column) => (each.values[column.name] && !hides(each, column.name) ? [{ column, value: each.values[column.name]!, by }] : [])) })) }));
  const fieldsOf = (rows: HeldRow[], hides: (row: HeldRow, column: string) => boolean) => Object.fromEntries([...shownFields(rows, feeds, show(rows, hides))].map(([holder, { whole, hidden }]) => [holder, [[...whole].toSorted(), [...hidden].toSorted()]]));
  const rows = [row('club', 2, { his_forename: 'Peg', his_surname: 'Ash', his_address: null }), row('roll', 2, { his_forename: 'Peg', his_surname: 'Ash', his_address: null }), row('roll', 3, { his_forename: null, his_surname: 'Elm', his_address: null }), row('visit', 2, { his_forename: 'Peg', his_surname: 'Ash', his_address: '1 Mill Road' })];

  test('is what an agency holds and the reader is shown all of; what it does not hold is neither shown nor hidden', () => {
    expect(fieldsOf(rows, () => false)).toEqual({ education: [['forename', 'surname'], []], council: [['address', 'forename', 'surname'], []] });
  });

  test('is nothing of which one value is hidden, in whatever feed or row of the agency it stands', () => {
    expect(fieldsOf(rows, ({ feed }, column) => feed === 'roll' && column === 'his_forename')).toEqual({ education: [['surname'], ['forename']], council: [['address', 'forename', 'surname'], []] });
    expect(fieldsOf(rows, ({ line, feed }, column) => feed === 'club' && line === 2 && column === 'his_surname').education).toEqual([['forename'], ['surname']]);
  });
});
