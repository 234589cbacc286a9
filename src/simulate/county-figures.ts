// What does a simulated county look like in figures, beside the published ones? Each figure of packs/simulation-figures.yaml is counted from the files.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openDuck, readPack, type Duck } from '../store/index.ts';
import { figuresSql, fileTableSql, jsonViewSql, preparationSql } from './county-figures.sql.ts';
import { plantedSql } from './planted-effects.sql.ts';

const figureSchema = z.strictObject({
  what: z.string(), unit: z.string(), published: z.string(), low: z.number(), high: z.number(), source: z.string(), format: z.enum(['count', 'decimal', 'hundredths', 'share']),
});
const packSchema = z.object({ source: z.string(), figures: z.record(z.string(), figureSchema) });

export type PublishedFigure = z.infer<typeof figureSchema>;

export interface CountyFigure extends PublishedFigure {
  name: string;
  value: number;
}

export function readPublishedFigures(localPacks?: string): Record<string, PublishedFigure> {
  return readPack(localPacks, 'simulation-figures', packSchema).value.figures;
}

/** A figure as text: "23.1 %" or "279". */
export function presentFigure(value: number, format: PublishedFigure['format']): string {
  if (format === 'share') return `${(100 * value).toFixed(1)} %`;
  return value.toFixed({ count: 0, decimal: 1, hundredths: 2 }[format]);
}

/** Tables of the files of a county, and what its figures are per. */
async function readCounty(duck: Duck, folder: string): Promise<void> {
  const table = (name: string) => name.replaceAll('-', '_');
  for (const feed of readdirSync(folder)) if (feed !== 'truth' && feed !== 'boundary') await duck.run(fileTableSql(table(feed), join(folder, feed, '*.csv*')));
  for (const file of readdirSync(join(folder, 'truth'))) if (file.endsWith('.csv')) await duck.run(fileTableSql(`truth_${table(file.slice(0, -4))}`, join(folder, 'truth', file)));
  for (const statement of preparationSql) await duck.run(statement);
}

/** Counts every figure of the county whose files are in a folder, as `simulate` wrote them. */
export async function measureCounty(folder: string): Promise<CountyFigure[]> {
  const published = readPublishedFigures();
  const duck = await openDuck();
  try {
    await readCounty(duck, folder);
    const figures: CountyFigure[] = [];
    for (const [name, figure] of Object.entries(published)) {
      const sql = figuresSql[name];
      if (!sql) throw new Error(`packs/simulation-figures.yaml names ${name}, which nothing counts`);
      figures.push({ ...figure, name, value: Number(Object.values(await duck.one(sql))[0]) });
    }
    return figures;
  } finally {
    duck.close();
  }
}

/** What a plain contrast finds of each thing planted in a county of 36 months. */
export async function measurePlanted(folder: string): Promise<{ what: string; truth: string; value: number }[]> {
  const duck = await openDuck();
  try {
    await readCounty(duck, folder);
    await duck.run(jsonViewSql('truth_planted', join(folder, 'truth', 'planted.json')));
    const found = [];
    for (const { what, truth, sql } of plantedSql) found.push({ what, truth, value: Number(Object.values(await duck.one(sql))[0]) });
    return found;
  } finally {
    duck.close();
  }
}
