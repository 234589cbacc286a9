// The tables of repeat demand, disclosure-controlled: shares of the top units, the curve, and how many units have how many events.

import type { CellValue, Column, Table } from '../core/index.ts';
import { roundCount, type DisclosureRule } from '../govern/index.ts';
import { topUnits } from '../stats/index.ts';
import { chanceBand, type ChancePoint } from './chance-band.ts';
import { curveStops, topEvents, type Frequencies } from './frequency.ts';
import type { QuestionContext } from './inquiry.ts';
import { releaseCounted, type Counted } from './noisy-count.ts';
import { capital, round } from './plain-numbers.ts';
import { releaseCount, releaseTable, shareOf } from './release.ts';
import type { NoiseByName } from './repeat-noise.ts';

const wantedTops = [0.01, 0.02, 0.03, 0.05, 0.1, 0.2];

export interface RepeatInput {
  frequencies: Frequencies;
  /** All units that could have had an event. */
  atRisk: Counted;
  /** Of the figures made here. Areas have none: they are counted from what is shown of each. */
  noise: NoiseByName;
  /** Such as "addresses". */
  units: string;
  /** Such as "incidents" or "involvements in incidents". */
  events: string;
  /** Counts of units are counts of people or homes, so they are controlled; areas are not. */
  personal: boolean;
}

type Row = Record<string, CellValue>;

/** Events of the top shares of units, against all units and among those with events, beside what chance alone would give. */
export function concentrationTable({ disclosure }: QuestionContext, input: RepeatInput): Table {
  const { frequencies, units, events, personal, noise } = input;
  const shown = shownTotals(disclosure, input);
  const atRisk = shown.units ?? 0;
  // Whole units must be about the share that is named: 2 of 40 areas are 5 per cent, not 3.
  const tops = wantedTops.filter((top) => top * atRisk >= 1 && topUnits(top, atRisk) <= 1.25 * top * atRisk);
  const whole = tops.map((top) => topUnits(top, atRisk));
  const chance = shown.events === null ? undefined : chanceBand(shown.events, atRisk, whole);
  const count = (name: string, label: string): Column => ({ name, label, format: 'count' });
  const partNames = ['units', 'events', 'active_units', 'active_events'];
  const inner = tops.map((top, index) => {
    const some = topUnits(top, shown.active ?? 0);
    return { top, units: whole[index]!, events: topEvents(frequencies, whole[index]!), active_units: some, active_events: topEvents(frequencies, some) };
  });
  const exact: Table = { id: 'top-units', title: '', columns: [{ name: 'top', label: '', format: 'text' }, ...partNames.map((name) => count(name, ''))], rows: inner, suppressed: [] };
  const released = releaseTable(exact, disclosure, { counts: partNames.filter((name) => personal || name.endsWith('events')).map((column) => ({ column, ...(column.endsWith('events') && { noise: (row: Row) => noise(`${column} ${row.top}`) }) })) });
  const allEvents = shown.events;
  const hidden = new Set(released.suppressed);
  const suppressed: string[] = [];
  const rows = released.rows.map((row, index): Row => {
    const gone = hidden.has(`${index}:units`) || hidden.has(`${index}:events`);
    const activeGone = hidden.has(`${index}:active_units`) || hidden.has(`${index}:active_events`);
    if (gone) suppressed.push(...['units', 'share', 'difference'].map((column) => `${index}:${column}`));
    if (activeGone) suppressed.push(`${index}:active_share`);
    const own = gone ? null : shareOf(row.events, allEvents);
    if (!chance) suppressed.push(...['chance', 'chance_low', 'chance_high'].map((column) => `${index}:${column}`));
    return {
      top: row.top!,
      units: gone ? null : row.units!,
      share: own,
      ...chanceCells(chance?.[index]),
      difference: own === null || !chance ? null : round(own - chance[index]!.expected, 3),
      active_share: activeGone ? null : shareOf(row.active_events, allEvents),
    };
  });
  return {
    id: 'concentration',
    title: `Share of ${events} that the most affected ${units} have`,
    columns: [
      { name: 'top', label: `Top share of ${units}`, format: 'share' },
      count('units', `That many ${units}`),
      { name: 'share', label: `Share of ${events}`, format: 'share' },
      { name: 'chance', label: 'By chance alone', format: 'share' },
      { name: 'chance_low', label: 'Chance, low', format: 'share' },
      { name: 'chance_high', label: 'Chance, high', format: 'share' },
      { name: 'difference', label: 'More than chance', format: 'share' },
      { name: 'active_share', label: `Share that the top of ${units} with any have`, format: 'share' },
    ],
    rows,
    suppressed,
    note: `Shares are of all ${units} known here, also those without any, rounded up to whole ${units}; the last column counts only ${units} with at least one. Chance is what as many ${events} would give if all ${units} ran the same risk, with the range of 95 in 100 repetitions.`,
  };
}

/** What chance would give is made from the totals as shown: from the exact ones, a reader could work the exact ones out. */
function shownTotals(rule: DisclosureRule, { frequencies, atRisk, personal, noise }: RepeatInput): ShownTotals {
  const units = personal ? releaseCounted(rule, atRisk) : atRisk.count;
  const active = personal ? releaseCounted(rule, { count: frequencies.active, noise: noise('active') }) : frequencies.active;
  return {
    events: releaseCounted(rule, { count: frequencies.events, noise: noise('events') }),
    units,
    // Noise must not make more units active than there are.
    active: active === null || units === null ? active : Math.min(active, units),
  };
}

interface ShownTotals {
  events: number | null;
  /** All units at risk. */
  units: number | null;
  /** Those with at least one event. */
  active: number | null;
}

function chanceCells(chance: ChancePoint | undefined): Row {
  return { chance: chance ? round(chance.expected, 3) : null, chance_low: chance ? round(chance.low, 3) : null, chance_high: chance ? round(chance.high, 3) : null };
}

/** The curve from the most affected units down, with what chance alone would give. Points are as far apart as the least count that may be shown. */
export function curveTable({ disclosure }: QuestionContext, input: RepeatInput): Table {
  const { frequencies, units, events, personal, noise } = input;
  // Whole steps of rounding, so that points stay apart when they are rounded.
  const apart = Math.ceil((disclosure.lowMax + 1) / disclosure.roundBase) * disclosure.roundBase;
  const { events: all, units: atRisk, active } = shownTotals(disclosure, input);
  const isShown = all !== null && atRisk !== null && active !== null;
  const eventsAt = (stop: number) => (stop === active ? all! : topEvents(frequencies, stop) + noise(`curve ${stop}`).value);
  const stops = isShown ? curveStops({ active, eventsAt }, { units: personal ? apart : 1, events: disclosure.lowMax + 1 }) : [];
  const shownStops = stops.map((stop) => Math.min(atRisk!, personal ? roundCount(disclosure, stop) : stop));
  const chance = isShown ? chanceBand(all, atRisk, shownStops) : undefined;
  const rows = stops.map((stop, index) => ({
    units: round(Math.min(1, shownStops[index]! / atRisk!), 4),
    events: shareOf(roundCount(disclosure, eventsAt(stop)), all),
    ...chanceCells(chance?.[index]),
  }));
  const end = rows.length > 0 && active! < atRisk! ? [{ units: 1, events: 1, chance: 1, chance_low: 1, chance_high: 1 }] : [];
  return {
    id: 'curve',
    title: `How ${events} fall on ${units}`,
    columns: [
      { name: 'units', label: `Share of ${units}, most affected first`, format: 'share' },
      { name: 'events', label: `Share of ${events}`, format: 'share' },
      { name: 'chance', label: 'By chance alone', format: 'share' },
      { name: 'chance_low', label: 'Chance, low', format: 'share' },
      { name: 'chance_high', label: 'Chance, high', format: 'share' },
    ],
    rows: [...rows, ...end],
    suppressed: [],
  };
}

interface Band {
  label: string;
  from: number;
  to: number;
}

const personalBands: Band[] = [
  { label: '1', from: 1, to: 1 },
  { label: '2', from: 2, to: 2 },
  { label: '3', from: 3, to: 3 },
  { label: '4', from: 4, to: 4 },
  { label: '5 to 9', from: 5, to: 9 },
  { label: '10 or more', from: 10, to: Infinity },
];

/** For areas, whose number is shown as it is: no band that would tell a small count of events. */
function areaBands(rule: DisclosureRule): Band[] {
  const least = Math.max(8, rule.lowMax + 1);
  return [
    { label: `1 to ${least - 1}`, from: 1, to: least - 1 },
    { label: `${least} to 49`, from: least, to: 49 },
    { label: '50 to 199', from: 50, to: 199 },
    { label: '200 to 999', from: 200, to: 999 },
    { label: '1,000 or more', from: 1000, to: Infinity },
  ];
}

/** How many units have none, one, two … events. Events of a band are its mean, to a tenth, times the released number of units. */
export function repeatsTable({ disclosure }: QuestionContext, input: RepeatInput): Table {
  const { frequencies, atRisk, units, events, personal, noise } = input;
  const counted = (personal ? personalBands : areaBands(disclosure)).map(({ label, from, to }) => {
    const rows = frequencies.rows.filter((row) => row.n >= from && row.n <= to);
    const inBand = rows.reduce((sum, row) => sum + row.units, 0);
    return { times: label, units: inBand, mean: inBand === 0 ? 0 : round(rows.reduce((sum, row) => sum + row.n * row.units, 0) / inBand, 1) };
  });
  const exact = [{ times: 'None', units: Math.max(0, atRisk.count - frequencies.active), mean: 0 }, ...counted, { times: 'All', units: Math.max(atRisk.count, frequencies.active), mean: 0 }];
  const dependents = ['units_share', 'events', 'events_share'];
  const table: Table = {
    id: 'repeats',
    title: `${capital(units)} by how many ${events} they have`,
    columns: [
      { name: 'times', label: `${capital(events)} of each`, format: 'text' },
      { name: 'units', label: capital(units), format: 'count' },
      { name: 'units_share', label: `Share of ${units}`, format: 'share' },
      { name: 'events', label: capital(events), format: 'count' },
      { name: 'events_share', label: `Share of ${events}`, format: 'share' },
    ],
    rows: exact.map(({ times, units }) => ({ times, units, ...Object.fromEntries(dependents.map((column) => [column, null])) })),
    suppressed: [],
    note: `${capital(events)} of a band are its mean times the number of ${units} shown, so rows may not add up to the total.`,
  };
  const released = personal ? releaseTable(table, disclosure, { counts: [{ column: 'units', dependents, noise: (row) => (row.times === 'All' ? atRisk.noise : noise(`band ${row.times}`)) }], totalRows: (row) => row.times === 'All' }) : table;
  const allUnits = released.rows.at(-1)!.units;
  const { events: allEvents } = shownTotals(disclosure, input);
  const eventsOf = (row: Row, index: number): number | null => {
    if (row.times === 'All') return allEvents;
    if (typeof row.units !== 'number') return null;
    const events = Math.round(exact[index]!.mean * row.units);
    return personal ? events : releaseCount(disclosure, events);
  };
  const rows = released.rows.map((row, index): Row => {
    const events = eventsOf(row, index);
    return { ...row, units_share: shareOf(row.units, allUnits), events, events_share: shareOf(events, allEvents) };
  });
  const hidden = rows.flatMap((row, index) => (row.events === null ? [`${index}:events`, `${index}:events_share`] : []));
  return { ...released, rows, suppressed: [...new Set([...released.suppressed, ...hidden])] };
}
