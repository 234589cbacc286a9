import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { linkRecords, reconcileDecisions, type LinkDecision } from './index.ts';
import { writeTinyPeople, type TinyRecord } from './tiny-people.fixture.ts';

const same = (left: string, right: string): LinkDecision => ({ left, right, same: true });
const different = (left: string, right: string): LinkDecision => ({ left, right, same: false });

const decisionsOver = (names: string[], most: number) =>
  fc.array(fc.record({ left: fc.constantFrom(...names), right: fc.constantFrom(...names), same: fc.boolean() }).filter(({ left, right }) => left !== right), { maxLength: most });

/** The parts into which decisions put records: joined by every "same". */
function partsOf(decisions: LinkDecision[]): (record: string) => string {
  const part = new Map(decisions.flatMap(({ left, right }) => [[left, left], [right, right]]));
  for (const { left, right } of decisions.filter((decision) => decision.same)) {
    const [keep, gone] = [part.get(left)!, part.get(right)!];
    for (const [record, name] of part) if (name === gone) part.set(record, keep);
  }
  return (record) => part.get(record) ?? record;
}

describe('reconcileDecisions', () => {
  it('keeps decisions that hold together', () => {
    const decisions = [same('a', 'b'), different('b', 'c'), same('c', 'd')];
    expect(reconcileDecisions(decisions)).toEqual({ kept: decisions, contradicted: [] });
  });

  it('lets the latest win where a = b and b = c meet a ≠ c, and names what it rules out', () => {
    expect(reconcileDecisions([same('a', 'b'), same('b', 'c'), different('a', 'c')])).toEqual({ kept: [same('b', 'c'), different('a', 'c')], contradicted: [same('a', 'b')] });
    expect(reconcileDecisions([different('a', 'c'), same('a', 'b'), same('b', 'c')])).toEqual({ kept: [same('a', 'b'), same('b', 'c')], contradicted: [different('a', 'c')] });
  });

  it('never keeps decisions that contradict each other, always keeps the latest, and leaves out only what the kept rule out', () => {
    fc.assert(
      fc.property(decisionsOver(['a', 'b', 'c', 'd', 'e', 'f'], 15), (decisions) => {
        const { kept, contradicted } = reconcileDecisions(decisions);
        const part = partsOf(kept);
        expect(kept.length + contradicted.length).toBe(decisions.length);
        for (const { left, right } of kept.filter((decision) => !decision.same)) expect(part(left)).not.toBe(part(right));
        if (decisions.length > 0) expect(kept).toContain(decisions.at(-1));
        for (const { left, right, same: joined } of contradicted) {
          if (joined) expect(kept.some((decision) => !decision.same && [part(decision.left), part(decision.right)].toSorted().join() === [part(left), part(right)].toSorted().join())).toBe(true);
          else expect(part(left)).toBe(part(right));
        }
      }),
    );
  });
});

describe('linkRecords with settled decisions', () => {
  let duck: Duck;
  beforeEach(async () => {
    duck = await openDuck({ memoryLimit: '1GB' });
  });
  afterEach(() => duck.close());

  const ann: TinyRecord = { id: 'police:1', forename: 'Margaret', surname: 'Thistlewood', born: '1961-04-17', sex: 'F', address: '4 Quay Lane', postcode: 'FM1 2AB' };
  const stranger: TinyRecord = { id: 'housing:7', forename: 'Colin', surname: 'Ravensdale', born: '1930-01-05', sex: 'M', postcode: 'FM9 9ZZ' };

  async function link(decisions: LinkDecision[]) {
    const result = await linkRecords(duck, { source: 'source_record', out: 'source_person', decisions });
    const rows = await duck.rows<{ source_id: string; person_key: string }>('SELECT * FROM source_person');
    return { result, keys: new Map(rows.map((row) => [row.source_id, row.person_key])) };
  }

  it('joins two records that no rule would propose', async () => {
    await writeTinyPeople(duck, [ann, stranger, { ...ann, id: 'school:2', surname: 'Thistlewod' }]);
    expect((await link([])).keys.get('police:1')).not.toBe((await link([])).keys.get('housing:7'));
    const { keys, result } = await link([same('police:1', 'housing:7')]);
    expect(keys.get('police:1')).toBe(keys.get('housing:7'));
    expect(result.decisions).toMatchObject({ given: 1, same: 1, different: 0, waiting: 0, contradicted: [] });
  });

  it('joins two records with different NHS numbers where people say that they are one', async () => {
    await writeTinyPeople(duck, [{ ...ann, id: 'a:1', nhs: '9990000018' }, { ...ann, id: 'b:1' }, { ...ann, id: 'c:1', nhs: '9990000026' }]);
    const { keys } = await link([same('a:1', 'c:1')]);
    expect(new Set(keys.values()).size).toBe(1);
  });

  it('never puts two records into one person that people parted, not even through others that agree with both', async () => {
    await writeTinyPeople(duck, ['a:1', 'b:1', 'c:1', 'd:1'].map((id) => ({ ...ann, id })));
    expect(new Set((await link([])).keys.values()).size).toBe(1);
    const { keys } = await link([different('a:1', 'd:1')]);
    expect(keys.get('a:1')).not.toBe(keys.get('d:1'));
  });

  it('reports decisions on records that are gone, and those that later ones rule out', async () => {
    await writeTinyPeople(duck, [ann, stranger]);
    const { result, keys } = await link([same('police:1', 'housing:7'), different('police:1', 'housing:7'), same('police:1', 'gone:9')]);
    expect(keys.get('police:1')).not.toBe(keys.get('housing:7'));
    expect(result.decisions).toEqual({ given: 3, same: 0, different: 1, waiting: 1, contradicted: [same('police:1', 'housing:7')] });
    expect(result.warnings).toContainEqual(expect.stringMatching(/^1 settled decisions are ruled out/));
  });

  it('honours any set of decisions that hold together, whatever the records say', async () => {
    // Three sets of decisions at once, each over eight records of two people: to link them all takes as long as to link eight.
    const sets = ['a', 'b', 'c'].map((agency, at) => [{ ...ann, forename: ['Margaret', 'Naomi', 'Ruth'][at]! }, { ...stranger, forename: ['Colin', 'Silas', 'Victor'][at]! }]
      .flatMap((person, i) => [1, 2, 3, 4].map((n) => ({ ...person, id: `${agency}:${i}${n}`, ...(n === 4 ? { nhs: ['9990000018', '9990000026', '9990000034', '9990000042', '9990000050', '9990000069'][at * 2 + i]! } : {}) }))));
    await writeTinyPeople(duck, sets.flat());
    await fc.assert(
      fc.asyncProperty(fc.tuple(...sets.map((records) => decisionsOver(records.map(({ id }) => id), 8))), async (drawn) => {
        const decisions = drawn.flat();
        const { keys } = await link(decisions);
        for (const decision of reconcileDecisions(decisions).kept) {
          expect(keys.get(decision.left) === keys.get(decision.right), JSON.stringify(decision)).toBe(decision.same);
        }
      }),
      { numRuns: 4 },
    );
  }, 120_000);

  it('learns from pairs that people settled as one person', async () => {
    const people = Array.from({ length: 40 }, (_, n): TinyRecord[] => {
      const person: TinyRecord = { id: `a:${n}`, forename: ['Ann', 'Ruth', 'Colin', 'Silas'][n % 4], surname: `Thistle${'abcdefghij'[n % 10]}wood${'klmn'[n % 4]}`, born: `19${50 + n}-04-${10 + (n % 18)}`, postcode: `FM${1 + (n % 9)} 2AB` };
      return [person, { ...person, id: `b:${n}`, ...(n < 12 ? { surname: 'Ravensdale' } : {}) }];
    }).flat();
    await writeTinyPeople(duck, people);
    const differs = (result: Awaited<ReturnType<typeof link>>['result']) => result.model.find(({ comparison }) => comparison === 'surname')!.levels.filter(({ name }) => ['different', 'changed'].includes(name)).reduce((sum, { m }) => sum + m, 0);
    const before = differs((await link([])).result);
    const after = differs((await link(Array.from({ length: 12 }, (_, n) => same(`a:${n}`, `b:${n}`)))).result);
    expect(after).toBeGreaterThan(before + 0.05);
  });

  it('honours decisions where nothing can be compared', async () => {
    await writeTinyPeople(duck, [{ id: 'a:1' }, { id: 'a:2' }, { id: 'a:3' }]);
    const { keys } = await link([same('a:1', 'a:3')]);
    expect(keys.get('a:1')).toBe(keys.get('a:3'));
    expect(keys.get('a:2')).not.toBe(keys.get('a:3'));
  });
});
