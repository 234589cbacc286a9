// How much does the rareness of an agreed value count? By the power that the settings give it: weight = log2(prior odds) + log2(m / u) + power · log2(u / f).

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, text, type Duck } from '../store/index.ts';
import { dedupeFiles } from './index.ts';

let duck: Duck;
let dir: string;
beforeAll(async () => {
  duck = await openDuck();
  dir = newFolder('frequency');
  // Of ten names six are Smith, two Okafor.
  writeFileSync(join(dir, 'people.csv'), ['ref,family,town', ...['smith', 'smith', 'smith', 'smith', 'smith', 'smith', 'okafor', 'okafor', 'nowak', 'singh'].map((name, index) => `${index},${name},t`)].join('\n'));
});
afterAll(() => duck.close());

/** The weights of two pairs that agree, of the commonest and of a rare name, and of one that does not. */
async function weights(frequency: number | undefined): Promise<number[]> {
  const settings = { id: 'ref', comparisons: [{ name: 'name', template: 'exact', column: 'family', ...(frequency === undefined ? {} : { frequency }) }], blocking: [['town']] };
  writeFileSync(join(dir, 'model.json'), JSON.stringify({ model: 'headwater linkage 1', settings, learned: { prior: 0.2, comparisons: [{ name: 'name', m: [0.9, 0.1], u: [0.25, 0.75] }] } }));
  const { files } = await dedupeFiles({ files: [join(dir, 'people.csv')], idColumn: '', settingsFile: join(dir, 'model.json'), out: join(dir, 'out') });
  const rows = await duck.rows<{ weight: number }>(`SELECT weight FROM ${text(files.pairs)} WHERE (id_l, id_r) IN (('0', '1'), ('6', '7'), ('8', '9')) ORDER BY id_l`);
  return rows.map(({ weight }) => weight);
}

it.each([0, 0.25, 0.5, 1, undefined])('a frequency of %s counts so much, on agreement alone (1 where not said)', async (frequency) => {
  const power = frequency ?? 1;
  const prior = Math.log2(0.2 / 0.8);
  const [common, rare, other] = await weights(frequency);
  expect(common).toBeCloseTo(prior + Math.log2(0.9 / 0.25) + power * Math.log2(0.25 / 0.6), 9);
  expect(rare).toBeCloseTo(prior + Math.log2(0.9 / 0.25) + power * Math.log2(0.25 / 0.2), 9);
  expect(other).toBeCloseTo(prior + Math.log2(0.1 / 0.75), 9);
});
