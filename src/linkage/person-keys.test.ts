import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { assignPersonKeys, findKeyNow, linkRecords, listUndoneEvents, readKeyHistory, undoPairs, type EventRecord, type KeyNow, type LinkDecision } from './index.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
});
afterEach(() => duck.close());

interface Undo {
  event: number;
  build: string;
  reason: string;
}

interface Event {
  event_id: number;
  build: string;
  kind: string;
  old_key: string | null;
  new_key: string | null;
  records: number;
  reason: string;
  undoes: number | null;
}

const keyed = { people: 'keyed', events: 'person_event', eventRecords: 'person_event_record' };
const tables = { people: 'people_before', events: 'events_before', eventRecords: 'event_records_before' };

/** Builds once over the clusters in the table source_person, on top of the build before where there was one. */
async function buildKeys(number: number, more: { decisions?: LinkDecision[]; records?: string; changed?: string; undos?: Undo[] } = {}): Promise<{ keys: Map<string, string>; events: Event[] }> {
  await assignPersonKeys(duck, { clusters: 'source_person', out: 'keyed', events: 'person_event', eventRecords: 'person_event_record', build: `B${number}`, at: '2026-11-24T12:00:00Z', ...(number > 1 ? { before: tables } : {}), ...more });
  for (const [name, table] of [[tables.people, 'keyed'], [tables.events, 'person_event'], [tables.eventRecords, 'person_event_record']]) await duck.run(`CREATE OR REPLACE TABLE ${name} AS FROM ${table}`);
  const rows = await duck.rows<{ source_id: string; person_key: string }>('FROM keyed');
  return { keys: new Map(rows.map((row) => [row.source_id, row.person_key])), events: await duck.rows<Event>('SELECT * EXCLUDE (happened_at) FROM person_event WHERE build = $build ORDER BY event_id', { build: `B${number}` }) };
}

/** The records of an event of the last build. */
const recordsOf = (event: number) => duck.rows<EventRecord>('SELECT source_id AS "sourceId", side FROM person_event_record WHERE event_id = $event', { event });

/** Writes clusters, each a list of records. */
async function writeClusters(clusters: string[][]): Promise<void> {
  await duck.run('CREATE OR REPLACE TABLE source_person (source_id VARCHAR, person_key VARCHAR)');
  const rows = clusters.flatMap((cluster, i) => cluster.map((record) => ({ r: record, c: `c${i}` })));
  if (rows.length > 0) await duck.run(`INSERT INTO source_person SELECT d.r, d.c FROM (SELECT unnest(from_json($rows::JSON, '[{"r":"VARCHAR","c":"VARCHAR"}]')) AS d)`, { rows: JSON.stringify(rows) });
}

async function keysOf(builds: string[][][]) {
  let result = { keys: new Map<string, string>(), events: [] as Event[] };
  const all = [];
  for (const [i, clusters] of builds.entries()) {
    await writeClusters(clusters);
    result = await buildKeys(i + 1);
    all.push(result);
  }
  return { ...result, all, history: await readKeyHistory(duck, keyed) };
}

const told = (event: Event) => [event.kind, event.old_key, event.new_key, event.records, event.reason];

describe('assignPersonKeys', () => {
  it('has no event and the same keys where nothing has changed', async () => {
    const { all, events } = await keysOf([[['a', 'b'], ['c']], [['a', 'b'], ['c']]]);
    expect(events).toEqual([]);
    expect(all[1]!.keys).toEqual(all[0]!.keys);
  });

  it('keeps a key where a smaller id joins', async () => {
    const { all, events } = await keysOf([[['m', 'n']], [['a', 'm', 'n']]]);
    expect(all[1]!.keys.get('m')).toBe(all[0]!.keys.get('m'));
    expect(events).toEqual([]);
  });

  it('gives a merged person the key that brings most records, and leads the other to it', async () => {
    const { all, events, history } = await keysOf([[['a'], ['b', 'c']], [['a', 'b', 'c', 'd']]]);
    const [one, two] = [all[0]!.keys.get('a')!, all[0]!.keys.get('b')!];
    expect(all[1]!.keys.get('a')).toBe(two);
    expect(events.map(told)).toEqual([['merge', one, two, 1, 'new records link them']]);
    expect(history.resolve(one)).toBe(two);
    expect(history.resolve(two)).toBe(two);
  });

  it('leaves a key with most of its records in a split, with the smallest record in a tie', async () => {
    const { all, events } = await keysOf([[['a', 'b', 'c'], ['x', 'y']], [['a'], ['b', 'c'], ['y'], ['x']]]);
    const key = all[0]!.keys.get('a')!;
    expect(all[1]!.keys.get('b')).toBe(key);
    expect(all[1]!.keys.get('x')).toBe(all[0]!.keys.get('x'));
    expect(events.map(told)).toContainEqual(['split', key, all[1]!.keys.get('a'), 1, 'the model weighs them otherwise']);
    expect(new Set(all[1]!.keys.values()).size).toBe(4);
  });

  it('gives an ended key back to its records: after a merge that is undone, and after a gap', async () => {
    const { all, history } = await keysOf([[['a', 'b'], ['c', 'd']], [['a', 'b', 'c', 'd']], [['a', 'b'], ['c', 'd']], [['a', 'b']], [['a', 'b'], ['c', 'd']]]);
    expect(all[2]!.keys).toEqual(all[0]!.keys);
    expect(all[3]!.events.map((event) => event.kind)).toEqual(['gone']);
    expect(all[4]!.events.map((event) => event.kind)).toEqual(['returned']);
    expect(all[4]!.keys).toEqual(all[0]!.keys);
    expect(history.resolve(all[0]!.keys.get('c')!)).toBe(all[0]!.keys.get('c'));
  });

  it('says that a person is gone', async () => {
    const { all, history } = await keysOf([[['a'], ['b']], [['b']]]);
    expect(history.resolve(all[0]!.keys.get('a')!)).toBeUndefined();
  });

  it('in any sequence of builds gives every record one key, reuses none for others, resolves each, and is quiet without a change', async () => {
    // Five partnerships side by side in each run, none of whose records is ever clustered with another's: a build of all takes as long as of one.
    const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].flatMap((letter) => [0, 1, 2, 3, 4].map((group) => `${letter}${group}`));
    const clustering = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: records.length, maxLength: records.length });
    await fc.assert(
      fc.asyncProperty(fc.array(clustering, { minLength: 3, maxLength: 6 }), async (builds) => {
        const everOf = new Map<string, Set<string>>();
        for (const [i, build] of builds.entries()) {
          const clusters = [0, 1, 2, 3].flatMap((c) => [0, 1, 2, 3, 4].map((group) => records.filter((_, r) => build[r] === c && r % 5 === group))).filter((cluster) => cluster.length > 0);
          await writeClusters(clusters);
          const { keys } = await buildKeys(i + 1);
          expect([...keys.keys()].toSorted()).toEqual(clusters.flat().toSorted());
          expect(new Set(keys.values()).size).toBe(clusters.length);
          for (const cluster of clusters) expect(new Set(cluster.map((record) => keys.get(record))).size).toBe(1);
          for (const key of new Set(keys.values())) {
            const holders = [...keys].filter(([, held]) => held === key).map(([record]) => record);
            const ever = everOf.get(key);
            // A key that somebody had goes on only with at least one of the records that had it.
            if (ever) expect(holders.some((record) => ever.has(record))).toBe(true);
            everOf.set(key, new Set([...(ever ?? []), ...holders]));
          }
          const history = await readKeyHistory(duck, keyed);
          const live = new Set(keys.values());
          for (const key of everOf.keys()) {
            const now = history.resolve(key);
            if (live.has(key)) expect(now).toBe(key);
            else if (now !== undefined) expect(live.has(now)).toBe(true);
          }
        }
        const before = await duck.rows('FROM keyed');
        const again = await buildKeys(builds.length + 1);
        expect(again.events).toEqual([]);
        expect(await duck.rows('FROM keyed')).toEqual(before);
      }),
      { numRuns: 3 },
    );
  }, 120_000);
});

describe('undos', () => {
  /** Builds in turn; each may undo events of the builds before, with the decisions that this takes, which hold from then on. */
  async function undoing(builds: { clusters: string[][]; undo?: number[] }[]) {
    const [undos, decisions, all]: [Undo[], LinkDecision[], { keys: Map<string, string>; events: Event[] }[]] = [[], [], []];
    for (const [i, { clusters, undo = [] }] of builds.entries()) {
      for (const event of undo) {
        const [found] = await duck.rows<{ build: string }>('SELECT build FROM person_event WHERE event_id = $event', { event });
        decisions.push(...undoPairs(await recordsOf(event)).map((pair) => ({ ...pair, undo: event })));
        undos.push({ event, build: found!.build, reason: `Reason ${event}` });
      }
      await writeClusters(clusters);
      all.push(await buildKeys(i + 1, { decisions, undos }));
    }
    return { all, keyOf: (build: number, record: string) => all[build - 1]!.keys.get(record)! };
  }

  it('of a merge give both keys back, in an event with the reason, and nothing more happens after it', async () => {
    const apart = [['a', 'b'], ['c', 'd']];
    const { all, keyOf } = await undoing([{ clusters: apart }, { clusters: [['a', 'b', 'c', 'd', 'e']] }, { clusters: [...apart, ['e']], undo: [1] }, { clusters: [...apart, ['e']] }]);
    for (const record of ['a', 'b', 'c', 'd']) expect(keyOf(3, record)).toBe(keyOf(1, record));
    expect(all[2]!.events.find(({ undoes }) => undoes === 1)).toMatchObject({ kind: 'split', old_key: keyOf(1, 'a'), new_key: keyOf(1, 'c'), reason: 'undo of event 1: Reason 1' });
    expect(all[3]!.events).toEqual([]);
    expect(all[3]!.keys).toEqual(all[2]!.keys);
  });

  it('of a merge give the keys back to the records that had them, however many have come since', async () => {
    const { all, keyOf } = await undoing([{ clusters: [['a', 'b'], ['c', 'd']] }, { clusters: [['a', 'b', 'c', 'd']] }, { clusters: [['a', 'b', 'c', 'd', 'e', 'f', 'g']] }, { clusters: [['a', 'b'], ['c', 'd', 'e', 'f', 'g']], undo: [1] }]);
    expect(keyOf(3, 'e')).toBe(keyOf(1, 'a'));
    for (const record of ['a', 'b', 'c', 'd']) expect(keyOf(4, record)).toBe(keyOf(1, record));
    expect(keyOf(4, 'g')).toBe(keyOf(1, 'c'));
    expect(all[3]!.events).toMatchObject([{ kind: 'split', records: 5, undoes: 1 }]);
  });

  it('of a split give the key of before back, also where the part that was split off has grown', async () => {
    const { all, keyOf } = await undoing([{ clusters: [['a', 'b', 'c']] }, { clusters: [['a', 'b'], ['c', 'e', 'f', 'g']] }, { clusters: [['a', 'b', 'c', 'e', 'f', 'g']], undo: [1] }]);
    for (const record of ['a', 'c', 'g']) expect(keyOf(3, record)).toBe(keyOf(1, 'a'));
    expect(all[2]!.events).toMatchObject([{ kind: 'merge', old_key: keyOf(2, 'c'), new_key: keyOf(1, 'a'), undoes: 1, reason: 'undo of event 1: Reason 1' }]);
  });

  it('of a move bring the records back, and both people keep their keys', async () => {
    const before = [['a', 'b', 'c'], ['x', 'y']];
    const { all, keyOf } = await undoing([{ clusters: before }, { clusters: [['a', 'b'], ['c', 'x', 'y']] }, { clusters: before, undo: [1] }]);
    expect(all[1]!.events).toMatchObject([{ kind: 'moved', records: 1 }]);
    expect(all[2]!.keys).toEqual(all[0]!.keys);
    expect(all[2]!.events).toMatchObject([{ kind: 'moved', old_key: keyOf(1, 'x'), new_key: keyOf(1, 'a'), undoes: 1 }]);
  });

  it('may themselves be undone, and the undo of that too', async () => {
    const [apart, together] = [[['a', 'b'], ['c']], [['a', 'b', 'c']]];
    const { all } = await undoing([{ clusters: apart }, { clusters: together }, { clusters: apart, undo: [1] }, { clusters: together, undo: [2] }, { clusters: apart, undo: [3] }]);
    expect(all.map(({ events }) => events.map(({ kind, undoes }) => [kind, undoes]))).toEqual([[], [['merge', null]], [['split', 1]], [['merge', 2]], [['split', 3]]]);
    expect(all[4]!.keys).toEqual(all[0]!.keys);
    expect(await listUndoneEvents(duck, 'person_event')).toEqual(new Map([[3, 4], [1, 2]]));
  });

  it('that the clusters do not follow take no key from anybody', async () => {
    const together = [['a', 'b', 'c', 'd']];
    const { all, keyOf } = await undoing([{ clusters: [['a', 'b'], ['c', 'd']] }, { clusters: together }, { clusters: together, undo: [1] }]);
    expect(all[2]!.events).toEqual([]);
    expect(keyOf(3, 'd')).toBe(keyOf(2, 'd'));
  });

  it('that the clusters do not follow leave other splits to the rule of most records', async () => {
    const { all, keyOf } = await undoing([{ clusters: [['a', 'b', 'c']] }, { clusters: [['a', 'b'], ['c']] }, { clusters: [['a', 'b', 'p', 'q', 'r'], ['c']] }, { clusters: [['a', 'b'], ['p', 'q', 'r'], ['c']], undo: [1] }]);
    expect(keyOf(4, 'p')).toBe(keyOf(1, 'a'));
    expect(all[3]!.events).toMatchObject([{ kind: 'split', undoes: null }]);
  });

  it('that an event has followed give their reason to no other event', async () => {
    const [apart, together] = [[['a', 'b'], ['c']], [['a', 'b', 'c']]];
    const { all } = await undoing([{ clusters: apart }, { clusters: together }, { clusters: apart, undo: [1] }, { clusters: together }, { clusters: apart }]);
    expect(all[2]!.events).toMatchObject([{ undoes: 1 }]);
    expect(all[4]!.events).toMatchObject([{ kind: 'split', undoes: null, reason: "a reviewer's decision" }]);
  });

  it('of an event of another build with the same number do nothing', async () => {
    await keysOf([[['a', 'b'], ['c', 'd']], [['a', 'b', 'c', 'd', 'e', 'f', 'g']]]);
    const before = (await duck.rows<{ person_key: string }>("SELECT person_key FROM keyed WHERE source_id = 'a'"))[0]!.person_key;
    await writeClusters([['a', 'b'], ['c', 'd', 'e', 'f', 'g']]);
    const { events, keys } = await buildKeys(3, { undos: [{ event: 1, build: 'elsewhere', reason: 'x' }], decisions: [{ left: 'a', right: 'c', same: false, undo: 1 }] });
    expect(events.map(({ undoes }) => undoes)).toEqual([null]);
    expect(keys.get('g')).toBe(before);
  });
});

describe('where a key is now', () => {
  const people = (now: KeyNow) => now.people.map(({ key, records }) => [key, records]);

  it('follows chains of merges and splits to everybody who has its records, the person with most of them first', async () => {
    const { all } = await keysOf([
      [['a', 'b', 'c'], ['d', 'e'], ['x']],
      [['a', 'b', 'c', 'd', 'e'], ['x']],
      [['a', 'b', 'c', 'd', 'e', 'x', 'y', 'z', 'u', 'v', 'w']],
      [['a', 'x', 'y', 'z', 'u', 'v', 'w'], ['b', 'c', 'd'], ['e']],
    ]);
    const keyOf = (build: number, record: string) => all[build - 1]!.keys.get(record)!;
    const first = await findKeyNow(duck, keyed, keyOf(1, 'a'));
    expect(first).toMatchObject({ state: 'in-use', now: keyOf(1, 'a'), gone: 0 });
    expect(people(first)[0]).toEqual([keyOf(4, 'a'), 7]);
    expect(new Set(first.people.map(({ key }) => key))).toEqual(new Set([keyOf(4, 'a'), keyOf(4, 'b'), keyOf(4, 'e')]));
    const second = await findKeyNow(duck, keyed, keyOf(1, 'd'));
    expect(second.people.map(({ records }) => records)).toEqual([1, 1]);
    expect(new Set(second.people.map(({ key }) => key))).toEqual(new Set([keyOf(4, 'd'), keyOf(4, 'e')]));
    expect(await findKeyNow(duck, keyed, keyOf(1, 'x'))).toMatchObject({ state: 'merged', now: keyOf(4, 'x'), people: [{ key: keyOf(4, 'x'), records: 1 }] });
  });

  it('of a merged key is the person with most of its own records, not with most of the other’s', async () => {
    const { all, history } = await keysOf([[['a', 'b'], ['c']], [['a', 'b', 'c', 'd', 'e']], [['a', 'b', 'd', 'e'], ['c', 'p', 'q']], [['a', 'b', 'd', 'e', 'p'], ['c', 'q']]]);
    const key = all[0]!.keys.get('c')!;
    expect(history.resolve(key)).toBe(all[3]!.keys.get('c'));
  });

  it('says who is gone, what was never given, and what nothing happened to', async () => {
    const { all } = await keysOf([[['a', 'n'], ['b'], ['m']], [['b'], ['a', 'm']]]);
    const keyOf = (record: string) => all[0]!.keys.get(record)!;
    expect(await findKeyNow(duck, keyed, keyOf('b'))).toEqual({ key: keyOf('b'), state: 'in-use', now: keyOf('b'), people: [{ key: keyOf('b'), records: 1 }], gone: 0 });
    expect(await findKeyNow(duck, keyed, 'Pnobody')).toEqual({ key: 'Pnobody', state: 'unknown', people: [], gone: 0 });
    await writeClusters([['b']]);
    await buildKeys(3);
    expect(await findKeyNow(duck, keyed, keyOf('a'))).toMatchObject({ state: 'gone', people: [], gone: expect.any(Number) });
  });

  it('leaves out what an undone merge brought for a while, as long as the key is in use', async () => {
    await writeClusters([['a', 'b'], ['c', 'd']]);
    const { keys } = await buildKeys(1);
    await writeClusters([['a', 'b', 'c', 'd']]);
    await buildKeys(2);
    const decisions = undoPairs(await recordsOf(1)).map((pair) => ({ ...pair, undo: 1 }));
    await writeClusters([['a', 'b'], ['c', 'd']]);
    await buildKeys(3, { decisions, undos: [{ event: 1, build: 'B2', reason: 'Two men' }] });
    for (const record of ['a', 'c']) expect((await findKeyNow(duck, keyed, keys.get(record)!)).people).toEqual([{ key: keys.get(record), records: 2 }]);
  });

  it('is the same for one key and for all at once, whatever the builds', async () => {
    // Side by side, as above.
    const records = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((letter) => [0, 1, 2, 3, 4].map((group) => `${letter}${group}`));
    const clustering = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: records.length, maxLength: records.length });
    await fc.assert(fc.asyncProperty(fc.array(clustering, { minLength: 3, maxLength: 5 }), async (builds) => {
      const held = new Map<string, Set<string>>();
      for (const [i, build] of builds.entries()) {
        await writeClusters([0, 1, 2, 3].flatMap((c) => [0, 1, 2, 3, 4].map((group) => records.filter((_, r) => build[r] === c && r % 5 === group))).filter((cluster) => cluster.length > 0));
        for (const [record, key] of (await buildKeys(i + 1)).keys) held.set(key, (held.get(key) ?? new Set()).add(record));
      }
      const today = new Map((await duck.rows<{ source_id: string; person_key: string }>('FROM keyed')).map((row) => [row.source_id, row.person_key]));
      const history = await readKeyHistory(duck, keyed);
      for (const [key, ever] of held) {
        const found = await findKeyNow(duck, keyed, key);
        expect(history.resolve(key)).toBe(found.now);
        // Everybody named has a record that had the key, and nobody is named twice.
        for (const person of found.people) expect([...ever].some((record) => today.get(record) === person.key)).toBe(true);
        expect(new Set(found.people.map((person) => person.key)).size).toBe(found.people.length);
        if ([...today.values()].includes(key)) expect(found).toMatchObject({ state: 'in-use', now: key });
      }
    }), { numRuns: 2 });
  }, 120_000);
});

describe('keys over linked records', () => {
  const ann: TinyRecord = { id: 'a:1', forename: 'Margaret', surname: 'Thistlewood', born: '1961-04-17', sex: 'F', address: '4 Quay Lane', postcode: 'FM1 2AB' };
  const anns = ['a:1', 'b:1', 'c:1', 'd:1'].map((id): TinyRecord => ({ ...ann, id }));

  async function link(number: number, records: TinyRecord[], decisions: LinkDecision[] = []) {
    await writeTinyPeople(duck, records);
    await linkRecords(duck, { source: 'source_record', out: 'source_person', decisions });
    return buildKeys(number, { records: 'source_record', decisions });
  }

  it('says that a reviewer parted two records, and the undone split gives the key back', async () => {
    const first = await link(1, anns);
    expect(new Set(first.keys.values()).size).toBe(1);
    const parted: LinkDecision[] = [{ left: 'a:1', right: 'd:1', same: false }];
    const second = await link(2, anns, parted);
    expect(second.events).toMatchObject([{ kind: 'split', reason: "a reviewer's decision" }]);
    const undo = undoPairs(await recordsOf(second.events[0]!.event_id));
    const third = await link(3, anns, [...parted, ...undo]);
    expect(third.keys).toEqual(first.keys);
    expect(third.events).toMatchObject([{ kind: 'merge', reason: "a reviewer's decision" }]);
  });

  it('undoes a merge by parting what it brought together, and both keys are back', async () => {
    const colin = { ...ann, forename: 'Colin', sex: 'M', born: '1930-01-05', postcode: 'FM9 9ZZ', address: '7 Sluice Road' } as const;
    const records: TinyRecord[] = [anns[0]!, anns[1]!, { ...colin, id: 'a:2' }, { ...colin, id: 'b:2' }];
    const first = await link(1, records);
    const one = ['a:1', 'b:1'].flatMap((left) => ['a:2', 'b:2'].map((right): LinkDecision => ({ left, right, same: true })));
    const second = await link(2, records, one);
    expect(second.events).toMatchObject([{ kind: 'merge', records: 2, reason: "a reviewer's decision" }]);
    const undo = undoPairs(await recordsOf(second.events[0]!.event_id));
    const third = await link(3, records, [...one, ...undo]);
    expect(third.keys).toEqual(first.keys);
  });

  it('names different NHS numbers as what parted a person', async () => {
    const first = await link(1, [{ ...ann, id: 'a:1' }, { ...ann, id: 'b:1', nhs: '9990000018' }]);
    expect(new Set(first.keys.values()).size).toBe(1);
    const second = await link(2, [{ ...ann, id: 'a:1', nhs: '9990000026' }, { ...ann, id: 'b:1', nhs: '9990000018' }]);
    expect(second.events).toMatchObject([{ kind: 'split', records: 1, reason: 'different NHS numbers' }]);
  });
});
