// Under which ids has anything ever been kept about one person? From a person's key of any snapshot, or the id of an agency's record: the keys under which
// one of their records ever stood, and the records. For whoever must find what was done to them; it gives no name.

import { followIdentified, type Home } from '../store/index.ts';
import { followKeysOfPeople } from './person-key-history.store.ts';

export interface PersonIds {
  /** The person's key today. */
  personKey: string;
  /** Keys under which one of their records ever stood, today's first. */
  keys: string[];
  /** Ids of agencies' records, such as police:N0012345. */
  records: string[];
}

export interface PersonIdsReader {
  /** Undefined where today's snapshot knows nobody by this id. A Problem where there is no snapshot. */
  find(id: string): Promise<PersonIds | undefined>;
  close(): Promise<void>;
}

const tables = ['source_person', 'person_event', 'person_event_record'];
const keyTables = { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' };
const keyOfRecordSql = 'SELECT person_key FROM source_person WHERE source_id = $id';
const recordsOfKeySql = 'SELECT source_id FROM source_person WHERE person_key = $key ORDER BY source_id';

/** Opens at the first question. */
export function openPersonIds(home: Home): PersonIdsReader {
  const reader = followIdentified(home, tables.map((name) => ({ zone: 'identified' as const, name })));
  const keysNow = followKeysOfPeople(reader, keyTables);
  return {
    async find(id) {
      const keys = await keysNow();
      const [record] = await reader.rows<{ person_key: string }>(keyOfRecordSql, { id });
      const personKey = record ? record.person_key : keys.now(id);
      if (personKey === undefined) return undefined;
      const records = (await reader.rows<{ source_id: string }>(recordsOfKeySql, { key: personKey })).map(({ source_id }) => source_id);
      return records.length === 0 ? undefined : { personKey, keys: [...new Set([personKey, ...keys.ever(personKey), ...keys.meaning(personKey)])], records };
    },
    close: () => reader.close(),
  };
}
