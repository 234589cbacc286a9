// Where the truth is known, the interval must hold it: on links made up with known errors, and on files with a truth column.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { createRandom } from '../core/index.ts';
import { estimateFalseMatches } from './false-match-estimate.ts';
import { dedupeFiles } from './index.ts';
import { tinyHeadings, tinyRows } from './tiny-files.fixture.ts';

/** Links, each a cluster of its own, of which a share is false; the column errs with `error` in true links, and two strangers differ with `chance`. */
function simulate({ links, falseShare, error, chance, seed }: { links: number; falseShare: number; error: number; chance: number; seed: number }) {
  const random = createRandom(seed, 'false links');
  const counts = { differing: 0, sureLinks: 0, sureDiffering: 0 };
  for (let i = 0; i < links; i += 1) {
    const wrong = random.next() < falseShare;
    const differs = random.next() < (wrong ? chance : error);
    if (differs) counts.differing += 1;
    if (wrong || random.next() < 0.4) continue;
    counts.sureLinks += 1;
    if (differs) counts.sureDiffering += 1;
  }
  return { all: single(links, counts.differing), sure: single(counts.sureLinks, counts.sureDiffering), chance };
}
const single = (links: number, differing: number) => ({ links, differing, xx: links, xy: differing, yy: differing });

describe('estimateFalseMatches', () => {
  it.each([[0, 0.02], [0.01, 0], [0.03, 0.01], [0.1, 0.05], [0.3, 0.02]])('holds a true share of %s false links, with errors in %s of the values, in at least 95 of 100 runs', (falseShare, error) => {
    let held = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const found = estimateFalseMatches(simulate({ links: 2000, falseShare, error, chance: 0.5, seed }))!;
      if (found.low <= falseShare && falseShare <= found.high) held += 1;
      expect(found.low).toBeLessThanOrEqual(found.share);
      expect(found.share).toBeLessThanOrEqual(found.high);
    }
    expect(held).toBeGreaterThanOrEqual(95);
  });

  it('is wider where links come in clusters that differ as one', () => {
    const alone = estimateFalseMatches({ all: single(1000, 100), sure: single(500, 0), chance: 0.5 })!;
    const clustered = estimateFalseMatches({ all: { links: 1000, differing: 100, xx: 10_000, xy: 1000, yy: 1000 }, sure: single(500, 0), chance: 0.5 })!;
    expect(clustered.high - clustered.low).toBeGreaterThan(2 * (alone.high - alone.low));
  });

  it('gives the figure of its example', () => {
    expect(estimateFalseMatches({ all: single(1000, 30), sure: single(500, 5), chance: 0.5 })!.high).toBeCloseTo(0.085, 3);
  });

  it('says nothing without links, and by a column on which strangers agree', () => {
    expect(estimateFalseMatches({ all: single(0, 0), sure: single(0, 0), chance: 0.5 })).toBeUndefined();
    expect(estimateFalseMatches({ all: single(10, 0), sure: single(5, 0), chance: 0.01 })).toBeUndefined();
  });
});

const folder = join(import.meta.dirname, '../../../shared/reference/linkage');
const dir = newFolder('false');
const settings = (threshold: number, fields: string[]) => `threshold: ${threshold}\ncomparisons:\n${fields.map((field) => `  - {name: ${field.split(':')[0]}, template: ${field.split(':')[1]}, column: ${field.split(':')[2]}}`).join('\n')}\nblocking:\n${fields.map((field) => `  - [clean_${field.split(':')[0]}]`).join('\n')}\n`;

describe('the estimate by a checked column', () => {
  it.each([0.01, 0.5, 0.95])('holds the true share at a threshold of %s where too little is compared to be right', async (threshold) => {
    writeFileSync(join(dir, 'people.csv'), [tinyHeadings, ...tinyRows(1200)].join('\n'));
    writeFileSync(join(dir, 'settings.yaml'), settings(threshold, ['forename:forename:given', 'surname:surname:family', 'postcode:postcode:postcode']));
    const { pairs, falseMatches } = await dedupeFiles({ files: [join(dir, 'people.csv')], idColumn: 'ref', sourceColumn: 'agency', truthColumn: 'person', checkColumn: 'dob', settingsFile: join(dir, 'settings.yaml'), out: join(dir, 'out') });
    const wrong = 1 - pairs!.precision;
    expect(falseMatches.links).toBeGreaterThan(300);
    expect(falseMatches.check!.low).toBeLessThanOrEqual(wrong);
    expect(falseMatches.check!.high).toBeGreaterThanOrEqual(wrong);
  });

  it.skipIf(!existsSync(folder))('holds the true share of fake_1000, checked by the city (needs ../shared/reference)', async () => {
    writeFileSync(join(dir, 'settings.yaml'), settings(0.01, ['forename:forename:first_name', 'surname:surname:surname', 'born:date-of-birth:dob']));
    const { pairs, falseMatches } = await dedupeFiles({ files: [join(folder, 'fake_1000.csv')], idColumn: 'unique_id', truthColumn: 'cluster', checkColumn: 'city', settingsFile: join(dir, 'settings.yaml'), out: join(dir, 'out') });
    const wrong = 1 - pairs!.precision;
    expect(falseMatches.check!.low).toBeLessThanOrEqual(wrong);
    expect(falseMatches.check!.high).toBeGreaterThanOrEqual(wrong);
  });
});
