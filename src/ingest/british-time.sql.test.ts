import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { britishTimeSql } from './british-time.sql.ts';

const local = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London', dateStyle: 'short', timeStyle: 'medium' });

async function british(instants: number[]): Promise<string[]> {
  const duck = await openDuck();
  try {
    const values = instants.map((ms) => `(TIMESTAMP '${new Date(ms).toISOString().slice(0, 19)}')`).join(', ');
    return (await duck.rows<{ t: string }>(`SELECT strftime(${britishTimeSql('utc')}, '%Y-%m-%d %H:%M:%S') AS t FROM (VALUES ${values}) AS given (utc)`)).map((row) => row.t);
  } finally {
    duck.close();
  }
}

describe('British time from UTC', () => {
  it('puts a search at 23:41 UTC on 30 April into 1 May', async () => {
    expect(await british([Date.parse('2021-04-30T23:41:00Z')])).toEqual(['2021-05-01 00:41:00']);
  });

  it('agrees with the time-zone database in every half hour around both changes of 1998 to 2037', async () => {
    const instants: number[] = [];
    for (let year = 1998; year <= 2037; year += 1) {
      for (const month of [2, 9]) for (let hour = 24 * 23; hour < 24 * 31; hour += 0.5) instants.push(Date.UTC(year, month, 1) + hour * 3_600_000);
    }
    expect(await british(instants)).toEqual(instants.map((ms) => local.format(ms)));
  });

  it('agrees with the time-zone database at any second', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: Date.UTC(1998, 0, 1) / 1000, max: Date.UTC(2037, 11, 31) / 1000 }), { minLength: 1, maxLength: 200 }), async (seconds) => {
        expect(await british(seconds.map((s) => s * 1000))).toEqual(seconds.map((s) => local.format(s * 1000)));
      }),
      { numRuns: 10 },
    );
  });
});
