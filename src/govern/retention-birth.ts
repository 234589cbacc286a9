// When were people born, for schedules that run until an age? As agencies' rows about them say; where these differ, the latest day, which keeps the
// record longest. The right day of an accepted correction counts beside them; a day that is wrong, with nothing in its place, does not.

import { correctionOf, nameOfRow, type AcceptedCorrection, type FactRow } from './accepted-correction.ts';
import type { PeopleSource } from './people-service.ts';
import type { RecordFeed } from './person-record.ts';

export interface BirthSources {
  source: Pick<PeopleSource, 'find' | 'rows'>;
  feeds: readonly RecordFeed[];
  /** What was accepted about rows. */
  accepted(rows: readonly FactRow[]): Promise<AcceptedCorrection[]>;
}

const atOnce = 500;

/** By the key asked for; without those of whom no agency gives a date of birth. */
export async function latestBirthDates({ source, feeds, accepted }: BirthSources, personKeys: readonly string[]): Promise<Map<string, string>> {
  const columnsOf = new Map(feeds.map(({ feed, columns }) => [feed, columns.filter(({ person }) => person === 'birth_date').map(({ name }) => name)]));
  const births = new Map<string, string>();
  const asked = [...new Set(personKeys)];
  for (let from = 0; from < asked.length; from += atOnce) {
    const some = await Promise.all(asked.slice(from, from + atOnce).map(async (key) => ({ key, now: (await source.find(key))?.personKey })));
    const found = new Map<string, string>();
    const rows = (await source.rows([...new Set(some.flatMap(({ now }) => now ?? []))])).filter(({ feed }) => (columnsOf.get(feed) ?? []).length > 0);
    const corrected = Map.groupBy(await accepted(rows.map(({ feed, rowKey }) => ({ feed, rowKey }))), nameOfRow);
    for (const row of rows) {
      const { personKey, feed, values } = row;
      const days = columnsOf.get(feed)!.flatMap((column) => {
        const stands = values[column] ?? '';
        const correction = correctionOf(corrected.get(nameOfRow(row)) ?? [], column, stands);
        return correction === undefined ? [stands] : correction.right === null ? [] : [stands, correction.right];
      });
      for (const day of days) {
        if (/^\d{4}-\d{2}-\d{2}$/.test(day) && day > (found.get(personKey) ?? '')) found.set(personKey, day);
      }
    }
    for (const { key, now } of some) if (now !== undefined && found.has(now)) births.set(key, found.get(now)!);
  }
  return births;
}
