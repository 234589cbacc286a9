import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { homeAt, keyFileOf, makeKeyFile, type Home, type RecordedDecision } from '../store/index.ts';
import { readReviewFile, writeReviewFile } from './link-decision-file.ts';
import { decisionKinds, openPairs, reviewAgreement, reviewPairs, seatRule, settledDecisions } from './link-review.ts';

type Kind = (typeof decisionKinds)[number];

/** Decisions about one pair as people made them, one after another, those that the rule refuses left out. */
function decide(steps: [who: string, decision: Kind, reopen?: boolean][], pair = { left: 'a:1', right: 'b:1' }): RecordedDecision[] {
  const rows: RecordedDecision[] = [];
  for (const [decidedBy, decision, reopen = false] of steps) {
    const seat = seatRule(reopen)(rows, decidedBy);
    if (seat) rows.push({ ...pair, ...seat, decision, decidedBy, decidedAt: rows.length });
  }
  return rows;
}

describe('the review of a pair', () => {
  it('is settled by two who agree', () => {
    expect(reviewPairs(decide([['u1', 'same']]))).toEqual([{ left: 'a:1', right: 'b:1', round: 1, stage: 'second', deciders: ['u1'] }]);
    const rows = decide([['u1', 'same'], ['u2', 'same']]);
    expect(reviewPairs(rows)[0]).toMatchObject({ stage: 'settled', settled: { same: true } });
    expect(settledDecisions(rows)).toEqual([{ left: 'a:1', right: 'b:1', same: true }]);
  });

  it.each<[Kind, Kind]>([['same', 'different'], ['same', 'unsure'], ['unsure', 'unsure']])('goes to a third person where two say %s and %s', (first, second) => {
    const rows = decide([['u1', first], ['u2', second]]);
    expect(reviewPairs(rows)[0]!.stage).toBe('third');
    expect(settledDecisions(rows)).toEqual([]);
    expect(settledDecisions(decide([['u1', first], ['u2', second], ['u3', 'different']]))).toEqual([{ left: 'a:1', right: 'b:1', same: false }]);
    expect(reviewPairs(decide([['u1', first], ['u2', second], ['u3', 'unsure']]))[0]!.stage).toBe('unsure');
  });

  it('takes nobody twice in a round, and nobody after it is settled', () => {
    expect(decide([['u1', 'same'], ['u1', 'same']])).toHaveLength(1);
    expect(decide([['u1', 'same'], ['u2', 'different'], ['u2', 'same'], ['u1', 'same']])).toHaveLength(2);
    expect(decide([['u1', 'same'], ['u2', 'same'], ['u3', 'different']])).toHaveLength(2);
  });

  it('may be taken up again: the last settled answer holds until the new round settles, and supersedes it then', () => {
    const settled: [string, Kind, boolean?][] = [['u1', 'same'], ['u2', 'same'], ['u3', 'different', true]];
    expect(reviewPairs(decide(settled))[0]).toMatchObject({ round: 2, stage: 'second', settled: { same: true } });
    const rows = decide([...settled, ['u1', 'different']]);
    expect(settledDecisions(rows)).toEqual([{ left: 'a:1', right: 'b:1', same: false }]);
    expect(rows).toHaveLength(4);
  });

  it('never holds more than three decisions of a round, all by different people', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('u1', 'u2', 'u3', 'u4'), fc.constantFrom(...decisionKinds), fc.boolean()), { maxLength: 30 }), (steps) => {
      for (const rows of Map.groupBy(decide(steps), ({ round }) => round).values()) {
        expect(rows.length).toBeLessThanOrEqual(3);
        expect(new Set(rows.map(({ decidedBy }) => decidedBy)).size).toBe(rows.length);
        expect(rows.map(({ seat }) => seat)).toEqual(rows.map((_, index) => index + 1));
      }
    }));
  });

  it('orders settled pairs by when they were settled', () => {
    const one = decide([['u1', 'same'], ['u2', 'same']]);
    const two = decide([['u1', 'different'], ['u2', 'different']], { left: 'a:2', right: 'b:2' });
    expect(settledDecisions([one[0]!, two[0]!, two[1]!, one[1]!]).map(({ left }) => left)).toEqual(['a:2', 'a:1']);
  });

  it('is open while it waits for a second or a third person', () => {
    const pair = [{ left: 'a:1', right: 'b:1' }];
    expect(openPairs(decide([['u1', 'same']]))).toEqual(pair);
    expect(openPairs(decide([['u1', 'same'], ['u2', 'unsure']]))).toEqual(pair);
    expect(openPairs(decide([['u1', 'same'], ['u2', 'same']]))).toEqual([]);
  });

  it('measures agreement of the first two alone', () => {
    const pairs = [['same', 'same'], ['same', 'same'], ['different', 'different'], ['same', 'different'], ['unsure', 'different']] as const;
    const rows = pairs.flatMap(([first, second], n) => decide([['u1', first], ['u2', second], ['u3', 'same']], { left: `a:${n}`, right: `b:${n}` }));
    expect(reviewAgreement([...rows, ...decide([['u1', 'same']], { left: 'a:9', right: 'b:9' })])).toMatchObject({ pairs: 5, agreement: expect.closeTo(0.6, 10) });
  });
});

describe('the file of settled decisions', () => {
  let dir: string;
  let home: Home;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'headwater-decisions-'));
    home = homeAt(dir, { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads: 1 });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('is not there before anything is decided, and is read as it was written', () => {
    const nothing = { decisions: [], open: [] };
    writeReviewFile(home, nothing);
    expect(readReviewFile(home)).toEqual(nothing);
    const review = { decisions: [{ left: 'a:1', right: 'b:1', same: true }, { left: 'a:2', right: 'b:2', same: false }], open: [{ left: 'a:3', right: 'b:3' }] };
    writeReviewFile(home, review);
    expect(readReviewFile(home)).toEqual(review);
    expect(statSync(join(dir, 'decisions', 'links.json')).mode & 0o077).toBe(0);
    writeReviewFile(home, nothing);
    expect(readReviewFile(home)).toEqual(nothing);
  });

  it('lies encrypted where the home has a key', () => {
    const keyed = homeAt(join(dir, 'keyed'), home.settings);
    makeKeyFile(keyFileOf(keyed));
    const review = { decisions: [{ left: 'a:1', right: 'b:1', same: true }], open: [] };
    writeReviewFile(keyed, review);
    expect(readReviewFile(keyed)).toEqual(review);
    expect(readFileSync(join(keyed.dir, 'decisions', 'links.json')).includes('a:1')).toBe(false);
  });

  it('says what to do where it is damaged', () => {
    writeFileSync(join(dir, 'decisions', 'links.json'), '{"decisions": 3}');
    expect(() => readReviewFile(home)).toThrow(/Start the server once/);
  });
});
