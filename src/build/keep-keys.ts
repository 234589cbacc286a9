// Do people keep their keys from the snapshot that is served to the one that is built? The new clusters inherit the keys of the served
// snapshot's source_person, and what became of those keys is added to its events (docs/data-model.md).

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assignPersonKeys, type LinkDecision, type PersonEventKind } from '../linkage/index.ts';
import { findCurrentManifest, snapshotFolder, type Duck, type Home } from '../store/index.ts';
import { changedRecordsSql, keysBeforeSql } from './keep-keys.sql.ts';

export interface KeysKept {
  /** The snapshot from which keys were taken over, and the events since, by kind. */
  from: string | null;
  events: Partial<Record<PersonEventKind, number>>;
}

/** Gives the people of source_person their lasting keys and makes person_event and person_event_record. */
export async function keepPersonKeys(home: Home, duck: Duck, build: { id: string; at: string; decisions?: readonly LinkDecision[] }): Promise<KeysKept> {
  const current = findCurrentManifest(home);
  const file = (table: string): string | undefined => {
    const path = current ? join(snapshotFolder(home, current.id), 'identified', `${table}.parquet`) : undefined;
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  const [people, events, eventRecords, records] = [file('source_person'), file('person_event'), file('person_event_record'), file('source_record')];
  if (people) await duck.run(keysBeforeSql({ people, ...(events && eventRecords ? { events, eventRecords } : {}) }));
  if (people && records) await duck.run(changedRecordsSql(records));
  const counts = await assignPersonKeys(duck, {
    clusters: 'source_person', out: 'source_person', events: 'person_event', eventRecords: 'person_event_record', records: 'source_record',
    build: build.id, at: build.at,
    ...(people ? { before: { people: 'person_before', events: 'person_event_before', eventRecords: 'person_event_record_before' } } : {}),
    ...(people && records ? { changed: 'record_changed' } : {}),
    ...(build.decisions ? { decisions: build.decisions } : {}),
  });
  return { from: people ? (current?.id ?? null) : null, events: counts };
}
