import { describe, expect, it } from 'vitest';
import { recordsSchema, type Contract } from './contract.schema.ts';
import { identifyingColumns } from './identifying-columns.ts';

const column = (name: string, person?: Contract['columns'][number]['person']): Contract['columns'][number] => ({
  name, also: [], type: 'text', required: false, optional: false, personal: false, person, longest: 100, separator: ';', zone: 'Europe/London', within: 'united-kingdom',
});
const columns = [column('ref'), column('tenant', 'local_id'), column('home', 'household_ref'), column('name', 'surname'), column('uprn'), column('incident'), column('note')];

describe('the columns that identify something', () => {
  it('are those of the key, of a person’s id and home, and of ids of places and of other feeds’ rows', () => {
    const records = recordsSchema.parse({ places: [{ id: [{ scheme: 'uprn', from: ['uprn'] }], name: 'note' }], mentions: [{ role: 'name', event: { feed: 'police-incident', from: ['incident'] } }] });
    expect([...identifyingColumns({ key: ['ref'], columns, records })].toSorted()).toEqual(['home', 'incident', 'ref', 'tenant', 'uprn']);
  });

  it('are a person’s alone where the whole row is the key and the records have no ids', () => {
    expect([...identifyingColumns({ key: 'row', columns, records: recordsSchema.parse({}) })].toSorted()).toEqual(['home', 'tenant']);
  });
});
