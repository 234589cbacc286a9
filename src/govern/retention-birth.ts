// When were people born, for schedules that run until an age? As agencies' rows about them say; where these differ, the latest day, which keeps the
// record longest.

import type { PeopleSource } from './people-service.ts';
import type { RecordFeed } from './person-record.ts';

const atOnce = 500;

/** By the key asked for; without those of whom no agency gives a date of birth. */
export async function latestBirthDates(source: Pick<PeopleSource, 'find' | 'rows'>, feeds: readonly RecordFeed[], personKeys: readonly string[]): Promise<Map<string, string>> {
  const columnsOf = new Map(feeds.map(({ feed, columns }) => [feed, columns.filter(({ person }) => person === 'birth_date').map(({ name }) => name)]));
  const births = new Map<string, string>();
  const asked = [...new Set(personKeys)];
  for (let from = 0; from < asked.length; from += atOnce) {
    const some = await Promise.all(asked.slice(from, from + atOnce).map(async (key) => ({ key, now: (await source.find(key))?.personKey })));
    const found = new Map<string, string>();
    for (const { personKey, feed, values } of await source.rows([...new Set(some.flatMap(({ now }) => now ?? []))])) {
      for (const day of (columnsOf.get(feed) ?? []).map((column) => values[column] ?? '')) {
        if (/^\d{4}-\d{2}-\d{2}$/.test(day) && day > (found.get(personKey) ?? '')) found.set(personKey, day);
      }
    }
    for (const { key, now } of some) if (now !== undefined && found.has(now)) births.set(key, found.get(now)!);
  }
  return births;
}
