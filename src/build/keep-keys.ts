// Do people keep their keys from the snapshot that is served to the one that is built? The new clusters inherit the keys of the served
// snapshot's source_person, and what became of those keys is added to its events (docs/data-model.md).

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assignPersonKeys, readKeyHistory, type KeyHistory, type LinkDecision, type PersonEventKind, type StandingUndo } from '../linkage/index.ts';
import { findCurrentManifest, openHomeDuck, snapshotFolder, type Duck, type Home } from '../store/index.ts';
import { changedRecordsSql, eventViewsSql, keysBeforeSql, peopleViewSql } from './keep-keys.sql.ts';

export interface KeysKept {
  /** The snapshot from which keys were taken over, and the events since, by kind. */
  from: string | null;
  events: Partial<Record<PersonEventKind, number>>;
}

/** A file of the identified zone of the snapshot that is served, where it has one. */
function servedFile(home: Home, table: string): string | undefined {
  const current = findCurrentManifest(home);
  const path = current ? join(snapshotFolder(home, current.id), 'identified', `${table}.parquet`) : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** Gives the people of source_person their lasting keys and makes person_event and person_event_record. */
export async function keepPersonKeys(home: Home, duck: Duck, build: { id: string; at: string; decisions?: readonly LinkDecision[]; undos?: readonly StandingUndo[] }): Promise<KeysKept> {
  const current = findCurrentManifest(home);
  const [people, events, eventRecords, records] = ['source_person', 'person_event', 'person_event_record', 'source_record'].map((table) => servedFile(home, table));
  if (people) await duck.run(keysBeforeSql({ people, ...(events && eventRecords ? { events, eventRecords } : {}) }));
  if (people && records) await duck.run(changedRecordsSql(records));
  const counts = await assignPersonKeys(duck, {
    clusters: 'source_person', out: 'source_person', events: 'person_event', eventRecords: 'person_event_record', records: 'source_record',
    build: build.id, at: build.at,
    ...(people ? { before: { people: 'person_before', events: 'person_event_before', eventRecords: 'person_event_record_before' } } : {}),
    ...(people && records ? { changed: 'record_changed' } : {}),
    ...(build.decisions ? { decisions: build.decisions } : {}),
    ...(build.undos ? { undos: build.undos } : {}),
  });
  return { from: people ? (current?.id ?? null) : null, events: counts };
}

/**
 * What keys of earlier snapshots mean in the one that is served, so that what refers to a person finds them after merges and splits.
 * @example (await openKeyHistory(home)).resolve('P0123456789abcdef')
 */
export async function openKeyHistory(home: Home): Promise<KeyHistory> {
  const duck = await openHomeDuck(home, { memoryLimit: '256MB', threads: 1 });
  try {
    await duck.run(eventViewsSql('person_event', 'person_event_record', { events: servedFile(home, 'person_event'), eventRecords: servedFile(home, 'person_event_record') }));
    await duck.run(peopleViewSql('source_person', servedFile(home, 'source_person')));
    return await readKeyHistory(duck, { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' });
  } finally {
    duck.close();
  }
}
