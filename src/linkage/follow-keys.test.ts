// What keys mean is read once for each snapshot; a failure is told to who asked, and not kept.

import { expect, it } from 'vitest';
import { followKeysOfPeople, type RowSource } from './person-key-history.store.ts';

const tables = { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' };

function reader() {
  const state = { snapshot: 's1', failing: false, reads: 0 };
  const source: RowSource & { snapshot(): Promise<string> } = {
    snapshot: async () => state.snapshot,
    rows: async <T>() => {
      state.reads += 1;
      if (state.failing) throw new Error('The disk did not answer');
      return [] as T[];
    },
  };
  return { state, source };
}

it('is read once for each snapshot, also by many who ask at once', async () => {
  const { state, source } = reader();
  const keysNow = followKeysOfPeople(source, tables);
  await Promise.all([keysNow(), keysNow(), keysNow()]);
  const once = state.reads;
  expect((await keysNow()).now('P1')).toBe('P1');
  expect(state.reads).toBe(once);
  state.snapshot = 's2';
  await keysNow();
  expect(state.reads).toBe(2 * once);
});

it('a failure is told to all who asked, and who asks next is answered', async () => {
  const { state, source } = reader();
  const keysNow = followKeysOfPeople(source, tables);
  state.failing = true;
  for (const each of await Promise.allSettled([keysNow(), keysNow()])) expect(each).toMatchObject({ status: 'rejected', reason: { message: 'The disk did not answer' } });
  state.failing = false;
  expect((await keysNow()).ever('P1')).toEqual(['P1']);
  const read = state.reads;
  await keysNow();
  expect(state.reads).toBe(read);
});

it('a late failure of the snapshot before takes nothing from the one that is served', async () => {
  const { state, source } = reader();
  let fail: (error: Error) => void = () => undefined;
  const keysNow = followKeysOfPeople({ ...source, rows: <T>(sql: string) => (state.snapshot === 's1' ? new Promise<T[]>((_, reject) => void (fail = reject)) : source.rows<T>(sql)) }, tables);
  const old = keysNow();
  await Promise.resolve();
  state.snapshot = 's2';
  await keysNow();
  fail(new Error('The disk did not answer'));
  await expect(old).rejects.toThrow('The disk did not answer');
  const read = state.reads;
  await keysNow();
  expect(state.reads).toBe(read);
});
