// For whom does the model decide as people do? Where the truth is not known, the pairs that people settled are the only measure of links that
// are right and of links that are found, by group. Every number is made from counts as they are shown, so that none gives a hidden count away.

import type { CellValue, Column, Table } from '../core/index.ts';
import { wilsonInterval } from '../stats/index.ts';
import type { SettledRow } from './data-quality.sql.ts';
import type { QuestionContext } from './inquiry.ts';
import { capital, round } from './plain-numbers.ts';
import { releaseTable } from './release.ts';

type Row = Record<string, CellValue>;

const text = (name: string, label: string): Column => ({ name, label, format: 'text' });
const count = (name: string, label: string): Column => ({ name, label, format: 'count' });
const share = (name: string, label: string): Column => ({ name, label, format: 'share' });

const columns = [
  text('group_kind', 'By'), text('group', 'Group'),
  count('settled_same', 'Settled as one person'), share('found', 'Of these, linked by the model'), share('found_low', 'Linked, low'), share('found_high', 'Linked, high'),
  count('linked', 'Settled pairs that the model links'), share('right', 'Of these, one person'), share('right_low', 'One person, low'), share('right_high', 'One person, high'),
];
/** What the shares are made of: protected with the rest, and not shown. */
const parts = [count('linked_same', ''), count('missed', ''), count('wrong', '')];

/** Precision and recall of the model's own decisions against settled pairs, by group, with intervals of 95 per cent. */
export function settledTable({ disclosure }: QuestionContext, rows: readonly SettledRow[]): Table {
  const base: Table = {
    id: 'settled-links',
    title: 'How the model stands against the pairs that people settled',
    columns,
    rows: [],
    suppressed: [],
    note: 'These are doubtful pairs: people were asked about them because the model was unsure, so that both shares are lower than over all links. Compare groups with each other, not the shares with 100 per cent. The model has learned from those settled as one person, and would do a little worse on others. A pair counts in a group where either record does. Intervals are of 95 per cent (Wilson), from counts as shown.',
  };
  const all = rows.find((row) => row.group_kind === 'all');
  const kinds = [...Map.groupBy(rows.filter((row) => row !== all), (row) => row.group_kind).values()];
  const shown: Row[] = [];
  const suppressed: string[] = [];
  for (const kind of [all ? [all] : [], ...kinds]) {
    const withTotal = all && kind[0] !== all ? [...kind, all] : kind;
    const released = releaseTable({ ...base, columns: [...columns, ...parts], rows: withTotal.map(countsOf) }, disclosure, {
      counts: [{ column: 'settled_same' }, { column: 'linked' }, ...parts.map(({ name }) => ({ column: name }))],
      dimensions: ['group'],
      totalRows: (row) => kind[0] !== all && row.group_kind === 'All',
    });
    for (const row of released.rows.slice(0, kind.length)) {
      const { linked_same: part, missed, wrong, ...rest } = row;
      // Either share gives the part that both have in common, and with it what the other leaves out: where one count is hidden, neither is shown.
      const hidden = [part, missed, wrong].includes(null);
      const full = { ...rest, ...rateOf('found', hidden ? null : part, row.settled_same), ...rateOf('right', hidden ? null : part, row.linked) };
      for (const { name } of columns.slice(2)) if (full[name] === null && hides(name, row)) suppressed.push(`${shown.length}:${name}`);
      shown.push(full);
    }
  }
  return { ...base, rows: shown, suppressed };
}

const countsOf = (row: SettledRow): Row => ({
  group_kind: capital(row.group_kind), group: row.group_name, settled_same: row.settled_same, found: null, found_low: null, found_high: null,
  linked: row.linked_same + row.linked_different, right: null, right_low: null, right_high: null,
  linked_same: row.linked_same, missed: row.settled_same - row.linked_same, wrong: row.linked_different,
});

/** A share with its interval from released counts. */
function rateOf(name: 'found' | 'right', part: CellValue | undefined, whole: CellValue | undefined): Row {
  if (typeof part !== 'number' || typeof whole !== 'number' || whole === 0) return { [name]: null, [`${name}_low`]: null, [`${name}_high`]: null };
  const inside = Math.min(part, whole);
  const { low, high } = wilsonInterval(inside, whole);
  return { [name]: round(inside / whole, 2), [`${name}_low`]: round(low, 2), [`${name}_high`]: round(high, 2) };
}

/** Whether a cell without a number is hidden, and not simply of nobody. */
function hides(name: string, row: Row): boolean {
  if (name === 'settled_same' || name === 'linked') return row[name] === null;
  return row[name.startsWith('found') ? 'settled_same' : 'linked'] !== 0;
}
