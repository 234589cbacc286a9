import { describe, expect, it } from 'vitest';
import { dayOf } from './calendar.ts';
import { createVariants, misspell, uniformOf, writeIdentity } from './record-noise.ts';
import type { NoiseShares } from './simulation.pack.ts';
import { readNamesPack, readSimulationPack } from './simulation.pack.ts';

const pack = readSimulationPack();
const variants = createVariants(readNamesPack());
const person = { forename: 'Katherine', middle: 'Anne', surname: 'Thompson', otherSurname: 'Marsh', birth: dayOf(1984, 5, 9), sex: 'F' as const, ethnicity: 'White British', otherEthnicity: 'Mixed' };
const day = dayOf(2025, 6, 1);
const none = Object.fromEntries(Object.keys(pack.identity.agencies['police']!).map((key) => [key, 0])) as NoiseShares;

/** Share of 20,000 records for which something holds. */
function shareOf(shares: NoiseShares, factor: number, holds: (written: ReturnType<typeof writeIdentity>) => boolean): number {
  let n = 0;
  for (let record = 0; record < 20_000; record += 1) if (holds(writeIdentity(person, day, 5, record, shares, factor, variants))) n += 1;
  return n / 20_000;
}

describe('writing a person down', () => {
  it('changes nothing without mistakes', () => {
    const written = writeIdentity(person, day, 1, 7, none, 1, variants);
    expect(written).toMatchObject({ forename: 'Katherine', surname: 'Thompson', birth: '1984-05-09', age: null, ethnicity: 'White British' });
    expect(['Anne', 'A']).toContain(written.middle);
  });

  it('makes each mistake at its share, and more often by the factor', () => {
    expect(shareOf({ ...none, birthMissing: 0.03 }, 1, ({ birth }) => birth === '')).toBeCloseTo(0.03, 2);
    expect(shareOf({ ...none, birthMissing: 0.03 }, 2, ({ birth }) => birth === '')).toBeCloseTo(0.06, 2);
    expect(shareOf({ ...none, birthSwapped: 0.01 }, 1, ({ birth }) => birth === '1984-09-05')).toBeCloseTo(0.026, 2);
    expect(shareOf({ ...none, birthDefault: 0.02 }, 1, ({ birth }) => birth === '1984-01-01' || birth === '1984-05-01')).toBeCloseTo(0.02, 2);
    expect(shareOf({ ...none, otherSurname: 0.06 }, 1, ({ surname }) => surname === 'Marsh')).toBeCloseTo(0.06, 2);
    expect(shareOf({ ...none, forenameNickname: 0.08 }, 1, ({ forename }) => ['Kate', 'Kathy', 'Katie'].includes(forename))).toBeCloseTo(0.08, 2);
    expect(shareOf({ ...none, reordered: 0.05 }, 1, ({ forename }) => forename === 'Thompson')).toBeCloseTo(0.05, 2);
    expect(shareOf({ ...none, unknownName: 0.05 }, 1, ({ surname }) => ['Unknown', 'Female'].includes(surname))).toBeCloseTo(0.05, 2);
  });

  it('does not multiply habits, such as leaving out middle names, by the factor', () => {
    expect(shareOf({ ...none, noMiddle: 0.4 }, 2, ({ middle }) => middle === '')).toBeCloseTo(0.4, 1);
  });

  it('reads the same on every row of a record', () => {
    const police = pack.identity.agencies['police']!;
    for (let record = 0; record < 50; record += 1) expect(writeIdentity(person, day, 3, record, police, 2, variants)).toEqual(writeIdentity(person, day, 3, record, police, 2, variants));
  });

  it('never writes a birth after the day it is written', () => {
    const baby = { ...person, birth: day - 3 };
    for (let record = 0; record < 2000; record += 1) {
      const { birth } = writeIdentity(baby, day, 3, record, { ...none, birthDigit: 1 }, 1, variants);
      expect(birth <= '2025-06-01').toBe(true);
    }
  });
});

describe('a slip of the keys', () => {
  it('keeps the first letter and changes, loses, doubles or swaps one other', () => {
    for (let i = 0; i < 400; i += 1) {
      const slip = misspell('Thompson', uniformOf(1, i, 1), uniformOf(1, i, 2));
      expect(slip[0]).toBe('T');
      expect(Math.abs(slip.length - 8)).toBeLessThanOrEqual(1);
    }
  });

  it('leaves very short names alone', () => {
    expect(misspell('Li', 0.1, 0.1)).toBe('Li');
  });
});

describe('hashed numbers', () => {
  it('are uniform, to the standard error of ten thousand draws', () => {
    let sum = 0;
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i += 1) {
      const value = uniformOf(42, i, 3);
      sum += value;
      tenths[Math.floor(value * 10)]! += 1;
    }
    expect(sum / 10_000).toBeCloseTo(0.5, 1);
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });
});
