import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import {
  addressSql, dateSql, districtSql, emailSql, houseSql, joinParticlesSql, nameSql, nhsNumberSql, phoneSql, postcodeSql, sectorSql, sexSql, streetSql, upnSql,
} from './identity-cleaning.sql.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

const clean = async (sql: (value: string) => string, value: string | null) => (await duck.one<{ x: unknown }>(`SELECT ${sql('v')} AS x FROM (SELECT $v::VARCHAR AS v)`, { v: value })).x;

describe('names', () => {
  it.each([
    ["Mr John O'Neill", 'john oneill'], ['ZOË-ANN', 'zoe ann'], ['D’Arcy', 'darcy'], ['Иван', 'иван'], ['محمد', 'محمد'], ['李 明', '李 明'], ['  Mary   Jane ', 'mary jane'],
    ['UNKNOWN', null], ['not known', null], ['Baby', null], ['Baby of Smith', null], ['n/k', null], ['', null], ['-', null], [null, null], ['XXX', null],
  ])('%s is written %s', async (value, expected) => {
    expect(await clean(nameSql, value)).toBe(expected);
  });

  it.each([['van der Berg', 'vanderberg'], ['Mc Donald', 'mcdonald'], ["O'Brien", 'obrien'], ['O Brien', 'obrien'], ['Smith-Jones', 'smith jones']])('%s as a surname is %s', async (value, expected) => {
    expect(await clean((v) => joinParticlesSql(nameSql(v)), value)).toBe(expected);
  });
});

describe('dates', () => {
  it.each([['1984-02-29', 19840229], ['1901-01-01', null], ['1900-01-01', null], ['1850-06-01', 18500601], [null, null]])('%s is %s', async (value, expected) => {
    expect(await clean((v) => dateSql(`${v}::DATE`), value)).toBe(expected);
  });
});

describe('homes', () => {
  it.each([['lu1 1aa', 'LU11AA'], ['ZZ99 3VZ', null], ['NK', null], ['2119', '2119']])('postcode %s is %s', async (value, expected) => {
    expect(await clean(postcodeSql, value)).toBe(expected);
  });

  it('finds the sector and district of British postcodes only', async () => {
    expect(await clean((v) => sectorSql(postcodeSql(v)), 'SW1A 1AA')).toBe('SW1A1');
    expect(await clean((v) => districtSql(postcodeSql(v)), 'SW1A 1AA')).toBe('SW1A');
    expect(await clean((v) => sectorSql(postcodeSql(v)), '2119')).toBeNull();
  });

  it.each([
    ['Flat 2, 14a High Street, Luton LU1 1AA', 'flat 2 14a high st luton', '2 14a', 'high st luton'],
    ['3 ACACIA AVENUE', '3 acacia ave', '3', 'acacia ave'],
    ['Rose Cottage', 'rose cottage', null, 'rose cottage'],
    ['No fixed abode', null, null, null],
  ])('address %s', async (value, address, house, street) => {
    expect(await clean(addressSql, value)).toBe(address);
    expect(await clean((v) => houseSql(addressSql(v)), value)).toBe(house);
    expect(await clean((v) => streetSql(addressSql(v)), value)).toBe(street);
  });
});

describe('numbers', () => {
  it.each([['943 476 5919', '9434765919'], ['9434765918', null], ['0000000000', null], ['not a number', null]])('NHS number %s is %s', async (value, expected) => {
    expect(await clean(nhsNumberSql, value)).toBe(expected);
  });

  it.each([['H801200001001', 'H801200001001'], ['A801200001001', null], ['h801200001001', 'H801200001001'], ['x', null]])('UPN %s is %s', async (value, expected) => {
    expect(await clean(upnSql, value)).toBe(expected);
  });

  it.each([['+44 7700 900123', '07700900123'], ['(01632) 960 001', '01632960001'], ['00000000000', null], ['12', null]])('telephone %s is %s', async (value, expected) => {
    expect(await clean(phoneSql, value)).toBe(expected);
  });

  it.each([['Ann@Example.org ', 'ann@example.org'], ['none@example.org', null], ['no', null]])('e-mail %s is %s', async (value, expected) => {
    expect(await clean(emailSql, value)).toBe(expected);
  });

  it.each([['male', 'M'], ['F', 'F'], ['U', null], ['2', 'F']])('sex %s is %s', async (value, expected) => {
    expect(await clean(sexSql, value)).toBe(expected);
  });
});
