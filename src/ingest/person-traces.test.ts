import { describe, expect, it } from 'vitest';
import { dayIn, openTies, whoseRow, type PersonTraces, type RawRow } from './person-traces.ts';

const ada: PersonTraces = {
  localIds: [{ agency: 'early-help', localId: 'C0077' }, { agency: 'police', localId: '12' }], nhsNumbers: ['9434765919'], upns: ['A823432112345'], forenames: ['Ada', 'Zoë'], surnames: ['Quill', 'O’Brien'], birthDates: ['2012-04-17'],
  records: [{ feed: 'early-help-episode', rowKey: 'E1' }, { feed: 'police-involvement', rowKey: 'I1/N2/victim' }],
};
const tie = openTies(ada);
const columns: Record<string, string | undefined> = { child_ref: 'local_id', forename: 'forename', surname: 'surname', born: 'birth_date', nhs: 'nhs_number' };
const row = (values: Record<string, string>, over: Partial<RawRow> = {}): RawRow => ({ feed: 'early-help-episode', agency: 'early-help', key: ['episode_ref'], cells: Object.entries(values).map(([column, value]) => ({ column, person: columns[column], value })), ...over });
const line = (value: string, agency = 'early-help'): RawRow => ({ feed: 'x', agency, key: ['a'], cells: [{ value }] });

describe('a row that no record was made of is tied to a person', () => {
  it.each<[string, RawRow, ReturnType<typeof tie>]>([
    ['by a number that one person has, in whatever cell it slipped into', row({ closure_reason: '943 476 5919' }), 'number'],
    ['by the agency’s own number', row({ child_ref: 'c-0077' }), 'number'],
    ['by the key of a record that is theirs', row({ episode_ref: ' E1 ', forename: 'Otto' }), 'record'],
    ['by a key of several columns', row({ incident_ref: 'I1', nominal_ref: 'N2', role: 'victim' }, { feed: 'police-involvement', agency: 'police', key: ['incident_ref', 'nominal_ref', 'role'] }), 'record'],
    ['by name and date of birth, however written', row({ forename: 'ZOE', surname: 'OBRIEN', born: '17 April 2012' }), 'name-and-birth-date'],
    ['in a line that could not be split', line('E9,Ada,"Quill",17/04/2012'), 'name-and-birth-date'],
    ['in a line by the agency’s own number', line('E9;C0077;x'), 'number'],
  ])('%s', (_, given, expected) => expect(tie(given)).toBe(expected));

  it.each<[string, RawRow, ReturnType<typeof tie>]>([
    ['another agency’s number', row({ child_ref: 'C0077' }, { agency: 'housing' }), undefined],
    ['the number in a column that is no number of a person', row({ closure_reason: 'C0077' }), undefined],
    ['a short number in a line', line('12,x,y', 'police'), undefined],
    ['the record of another feed', row({ episode_ref: 'E1' }, { feed: 'tenancy' }), undefined],
    ['the name with another date of birth', row({ forename: 'Ada', surname: 'Quill', born: '2011-04-17' }), 'namesake'],
    ['a longer name', row({ forename: 'Adam', surname: 'Quill', born: '2012-04-17' }), undefined],
    ['nothing at all', row({ episode_ref: '' }), undefined],
  ])('and not by %s', (_, given, expected) => expect(tie(given)).toBe(expected));

  it('to nobody of whom nothing is known', () => expect(openTies({ localIds: [{ agency: 'early-help', localId: '' }], nhsNumbers: [''], upns: [], forenames: [''], surnames: [''], birthDates: [''], records: [] })(row({ child_ref: '', forename: '', surname: '', born: '' }))).toBeUndefined());
});

it.each([['2012-04-17', '2012-04-17'], ['17/04/2012', '2012-04-17'], ['1 Apr 2012', '2012-04-01'], ['2012-04-17 10:00', '2012-04-17'], ['31/02/2012', undefined], ['04/17/2012', undefined], ['17/04/12', undefined], ['Ada', undefined]])('the day in “%s” is %s', (value, day) => expect(dayIn(value)).toBe(day));

describe('a state of a record that is theirs now says that it is', () => {
  it.each<[string, Record<string, string>, ReturnType<typeof whoseRow>]>([
    ['theirs by a number, whatever the name', { child_ref: 'C0077', forename: 'Otto', surname: 'Rowe' }, 'theirs'],
    ['somebody else’s by a number, whatever the name', { child_ref: 'C9', forename: 'Ada', surname: 'Quill', born: '2012-04-17' }, 'other'],
    ['theirs by one number of two', { child_ref: 'C9', nhs: '943 476 5919' }, 'theirs'],
    ['theirs by name and date of birth', { forename: 'Ada', surname: 'Quill', born: '2012-04-17' }, 'theirs'],
    ['perhaps theirs, with one slip', { forename: 'Ada', surname: 'Quil', born: '2012-04-17' }, 'unsure'],
    ['somebody else’s by name', { forename: 'Otto', surname: 'Quill', born: '2001-04-17' }, 'other'],
    ['nothing of whose it is', { closure_reason: 'Ada' }, 'unsure'],
  ])('%s', (_, values, expected) => expect(whoseRow('early-help', row(values).cells, ada)).toBe(expected));
});
