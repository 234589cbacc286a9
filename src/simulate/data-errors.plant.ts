// Plants mistakes in the files and counts each: impossible dates, unknown codes, places in the sea, text in the wrong column, rows twice, formulas in cells.

import { basename } from 'node:path';
import { createRandom } from '../core/index.ts';
import type { Cell } from './csv.file.ts';
import type { FeedContract, RowEditor } from './feed.writer.ts';
import type { World } from './world.ts';

const kinds = ['bad-date', 'unknown-code', 'coordinates-in-the-sea', 'wrong-column', 'repeated-row', 'formula'] as const;
type Kind = (typeof kinds)[number];

const wanted: Record<Kind, (type: string) => boolean> = {
  'bad-date': (type) => type === 'date' || type === 'datetime',
  'unknown-code': (type) => type === 'code',
  'coordinates-in-the-sea': (type) => type === 'longitude',
  'wrong-column': (type) => ['integer', 'decimal', 'date', 'datetime', 'boolean'].includes(type),
  'repeated-row': () => true,
  formula: (type) => type === 'text',
};

const values: Record<Exclude<Kind, 'repeated-row' | 'coordinates-in-the-sea'>, (before: string) => string> = {
  'bad-date': (before) => (before.length > 10 ? `${before.slice(0, 4)}-02-31${before.slice(10)}` : `${before.slice(0, 4) || '2025'}-02-31`),
  'unknown-code': () => 'XX9',
  'wrong-column': () => 'see officer notes',
  formula: () => '=HYPERLINK("http://example.org/","open")',
};

/** Makes mistakes in rows, about as many in each feed as the pack says whatever the size of the county of `residents`. */
export function createDataErrors(world: World, residents: number): RowEditor {
  const random = createRandom(world.seed, 'data errors');
  const shares = new Map(Object.entries(world.pack.planted.dataErrors).map(([feed, { mistakes, rowsPerThousandAMonth }]) => [feed, Math.min(0.05, mistakes / ((residents / 1000) * rowsPerThousandAMonth * world.pack.period.months))]));
  const counts: Record<string, number> = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  world.truth.plant('dataErrors', { feeds: world.pack.planted.dataErrors, counts, list: 'data-error.csv' });
  const columnFor = (contract: FeedContract, kind: Kind, cells: Cell[]): number => {
    const columns = contract.types.map((type, i) => ({ type, i })).filter(({ type, i }) => wanted[kind](type) && cells[i] !== null && cells[i] !== undefined && cells[i] !== '' && !(kind === 'formula' && contract.identifies[i]));
    return columns.length === 0 ? -1 : random.pick(columns).i;
  };
  return (contract, _month, cells, file) => {
    if (!random.chance(shares.get(contract.feed) ?? 0)) return [cells];
    const kind = random.pick(kinds);
    const column = columnFor(contract, kind, cells);
    if (column < 0) return [cells];
    counts[kind]! += 1;
    const line = file.rows + 2;
    const edited = [...cells];
    let value = '';
    if (kind === 'coordinates-in-the-sea') {
      value = '2.500000';
      edited[column] = value;
      edited[contract.types.indexOf('latitude')] = '53.900000';
    } else if (kind !== 'repeated-row') {
      value = values[kind](String(cells[column]));
      edited[column] = value;
    }
    world.truth.row('data-error', [contract.feed, basename(file.path), kind === 'repeated-row' ? line + 1 : line, kind, kind === 'repeated-row' ? null : contract.headings[column], value]);
    return kind === 'repeated-row' ? [cells, cells] : [edited];
  };
}
