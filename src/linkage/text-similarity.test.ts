import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { damerauDistance, hammingDistance, jaroWinklerSimilarity, levenshteinDistance } from './text-similarity.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

describe('similarities of texts', () => {
  it('are the engine’s to the last digit', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'é', 'И'), minLength: 0, maxLength: 12 });
    const pairs = fc.sample(fc.tuple(word, word), { numRuns: 600, seed: 1 });
    pairs.push(['', ''], ['martha', 'marhta'], ['thistlewood', 'thistelwood'], ['ca', 'abc'], ['abcd', 'abcd']);
    const list = (side: 0 | 1) => `[${pairs.map((pair) => `'${pair[side]}'`).join(', ')}]`;
    const rows = await duck.rows<{ a: string; b: string; jaro: number; levenshtein: number; damerau: number; hamming: number | null }>(
      `SELECT a, b, jaro_winkler_similarity(a, b) AS jaro, levenshtein(a, b) AS levenshtein, damerau_levenshtein(a, b) AS damerau, CASE WHEN strlen(a) = strlen(b) AND a <> '' THEN hamming(a, b) END AS hamming
      FROM (SELECT unnest(${list(0)}) AS a, unnest(${list(1)}) AS b)`,
    );
    expect(rows.length).toBe(605);
    for (const { a, b, ...theirs } of rows) {
      const [x, y] = [a, b].map((value) => Buffer.from(value).toString('latin1')) as [string, string];
      expect({ jaro: jaroWinklerSimilarity(x, y), levenshtein: levenshteinDistance(x, y), damerau: damerauDistance(x, y), hamming: x === '' ? null : (hammingDistance(x, y) ?? null) }, `${a} ${b}`).toEqual(theirs);
    }
  });
});
