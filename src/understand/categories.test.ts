import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck } from '../store/index.ts';
import { demandTypeSql, eventClassificationSql } from './categories.sql.ts';
import { readCategories } from './categories.ts';

const product = readCategories(undefined);

function localPacks(name: string, yaml: string): string {
  const folder = newFolder('packs');
  writeFileSync(join(folder, `${name}.yaml`), yaml);
  return folder;
}

describe('readCategories', () => {
  it('gives each crime the median days of the Cambridge Crime Harm Index, and anti-social behaviour one day', () => {
    const days = (code: string) => product.categories.get(code)?.harmDays;
    expect([days('violence-with-injury'), days('robbery'), days('shoplifting'), days('asb-nuisance'), days('complaint-noise')]).toEqual([365, 365, 1, 1, 1]);
  });

  it('gives no harm, rather than nought, where the packs have no weight', () => {
    expect(product.categories.get('missing-person')?.harmDays).toBeNull();
  });

  it('gives every kind of harm that a category names a weight', () => {
    const weighed = [...product.categories.values()].filter((category) => category.group === 'Crime');
    expect(weighed.length).toBeGreaterThan(15);
    expect(weighed.filter((category) => category.harmDays === null)).toEqual([]);
  });

  it('takes means where a partnership chooses them, and keeps the median where there is none', () => {
    const packs = localPacks('harm-weights', 'source: test\ndate: 2026-01-01\nstatistic: mean\nweights:\n  Robbery: { median: 300, mean: 400 }\n  Burglary: { median: 240 }\ndemands: {}\n');
    const { categories, harm } = readCategories(packs);
    expect([categories.get('robbery')?.harmDays, categories.get('burglary')?.harmDays, categories.get('asb-nuisance')?.harmDays]).toEqual([400, 240, null]);
    expect(harm).toMatchObject({ statistic: 'mean', withoutMean: ['Burglary'] });
  });

  it('names the line of a mistake in a local pack', () => {
    const packs = localPacks('harm-weights', 'source: test\ndate: 2026-01-01\nstatistic: middle\nweights: {}\ndemands: {}\n');
    expect(() => readCategories(packs)).toThrow(/harm-weights\.yaml:3/);
  });
});

describe('the classification that a build joins', () => {
  it('has one row per category with its demand and harm', async () => {
    const duck = await openDuck();
    const rows = await duck.rows(`SELECT category, title, category_group, demand, harm_days FROM (${eventClassificationSql(product)}) WHERE category IN ('robbery', 'missing-person', 'collapse-illness-injury') ORDER BY category`);
    expect(rows).toEqual([
      { category: 'collapse-illness-injury', title: 'Collapse, illness or injury', category_group: 'Public safety and welfare', demand: 'welfare', harm_days: null },
      { category: 'missing-person', title: 'Missing person', category_group: 'Public safety and welfare', demand: 'vulnerability', harm_days: null },
      { category: 'robbery', title: 'Robbery', category_group: 'Crime', demand: 'crime', harm_days: 365 },
    ]);
    duck.close();
  });

  it('lets the first flag of the pack outrank the category, and calls the unknown "other"', async () => {
    const duck = await openDuck();
    const rows = await duck.rows(`
      SELECT name, ${demandTypeSql(product)} AS demand FROM (VALUES
        ('flag over category', ['domestic'], 'crime'), ('mental health before domestic', ['domestic', 'mental-health'], 'crime'),
        ('another flag', ['alcohol'], 'crime'), ('no flags', NULL::VARCHAR[], 'welfare'), ('unknown category', [], NULL)) e (name, flags, demand), (SELECT e.demand) c`);
    expect(Object.fromEntries(rows.map((row) => [row.name, row.demand]))).toEqual({
      'flag over category': 'vulnerability',
      'mental health before domestic': 'mental-health',
      'another flag': 'crime',
      'no flags': 'welfare',
      'unknown category': 'other',
    });
    duck.close();
  });
});
