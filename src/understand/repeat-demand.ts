// How concentrated is demand in few people, addresses, households or areas? The share of the top units beside what chance alone would
// give, and how many units come back how often. Reference: Bernasco and Steenbeek 2017, Journal of Quantitative Criminology 33(3), 451-467.
// Limits: a unit is what records and linkage make of it; missed links spread one person over several. Method note: docs/methods/repeat-demand.md.

import type { Answer, Filters, LakeReader, Question, Table } from '../core/index.ts';
import { areaRows } from './area-rows.ts';
import { areaCountsSql, type AreaCount } from './places.sql.ts';
import { addNoise, noNoise, protectedRange, ruleForFeeds, type DisclosureRule } from '../govern/index.ts';
import { countingOf, countOf, periodNoise, releaseCounted, type Counted } from './noisy-count.ts';
import { requireTable } from './catalogue.ts';
import { demandCubes } from './demand-cube.sql.ts';
import { nounOf } from './event-nouns.ts';
import { frequenciesOf } from './frequency.ts';
import { openInquiry, sourceNotes, type Inquiry, type QuestionContext } from './inquiry.ts';
import { capital, perCent, smallNumber, writeNumber } from './plain-numbers.ts';
import { shareOfCounted } from './release.ts';
import { atRiskOf, repeatNoise } from './repeat-noise.ts';
import { repeatCubes } from './repeat-cube.sql.ts';
import { chosenEventsSql, frequencySql, reachSql, unitsAtRiskSql, type ChosenRow, type FrequencyRow, type PersonalUnit, type ReachRow, type RepeatUnit, type UnitsRow } from './repeat-demand.sql.ts';
import { concentrationTable, curveTable, repeatsTable, type RepeatInput } from './repeat-tables.ts';
import { nothingFound, resolveScope, type Scope } from './scope.ts';

const title = 'How concentrated is demand in few people, addresses or households?';
const unitKinds: readonly RepeatUnit[] = ['address', 'person', 'household', 'area'];
const unitWords: Readonly<Record<RepeatUnit, string>> = { address: 'addresses', person: 'people', household: 'households', area: 'areas' };

/** The question `repeat-demand`. Options: `by` (address, person, household or area), `feed` (which feeds count). */
export function repeatDemandQuestion(context: QuestionContext): Question {
  return {
    id: 'repeat-demand',
    title,
    summary: 'How much demand a few people, addresses, households or areas make, beside what chance would give',
    method: 'repeat-demand',
    derived: [...demandCubes, ...repeatCubes],
    answer: (lake, filters, options) => answer(context, lake, filters, options),
  };
}

async function answer(given: QuestionContext, lake: LakeReader, filters: Filters, options: Record<string, string>): Promise<Answer> {
  requireTable(lake, 'repeat_reach');
  const inquiry = openInquiry(given, lake, { id: 'repeat-demand', title, filters });
  const scope = await resolveScope(lake, given.categories, { filters, feed: options.feed });
  const sources = sourceNotes(given, scope.catalogue.feeds, scope.feeds);
  const reach = await readReach(inquiry, scope);
  const { by, notes } = chooseUnit(options.by, reach);
  const part = partOfLake(lake);
  // Published events are open, the people and addresses that other feeds know are not.
  const rule = by === 'area' ? ruleForFeeds(given.disclosure, scope.feeds) : given.disclosure;
  const context = { ...given, disclosure: rule };
  const words = wordsOf(context, scope, by);
  const counted = scope.empty ? nothing : by === 'area' ? await countAreas(rule, inquiry, scope) : await countUnits(rule, inquiry, scope, by, reach);
  const empty = counted.frequencies.events === 0 || counted.atRisk.count === 0;
  const input = { ...(empty ? nothing : counted), ...words };
  const tables = [concentrationTable(context, input), curveTable(context, input), repeatsTable(context, input)];
  if (empty) {
    const keptBack = part === 'feeds' && (by === 'person' || by === 'household');
    return inquiry.finish({ sentence: keptBack ? peopleKeptBack : emptySentence(context, scope, reach, words), tables: tables.map((table): Table => ({ ...table, rows: [], suppressed: [] })), howSure: [...notes, ...scope.notes], sources, rule });
  }
  return inquiry.finish({
    sentence: sentenceOf(tables[0]!, words),
    tables,
    figures: { by, units: words.units, atRisk: tables[2]!.rows.at(-1)!.units ?? null, known: knownShare(context, reach, by) },
    howSure: [...notes, ...howSure(scope, knownShare(context, reach, by), words, part)],
    sources,
    rule,
  });
}

/** How much of a snapshot is read: all, some feeds with all that name people, or some feeds alone. */
type Part = 'all' | 'people' | 'feeds';

const partOfLake = ({ limits }: LakeReader): Part => (!limits ? 'all' : limits.people ? 'people' : 'feeds');

const peopleKeptBack = 'People and households are made of the records of all agencies together, so they are counted only for those who may see every feed that names people. Choose addresses or areas instead.';

type Frequent = Pick<RepeatInput, 'frequencies' | 'atRisk' | 'noise'>;

const without: Frequent['noise'] = () => noNoise;
const nothing: Frequent = { frequencies: frequenciesOf([]), atRisk: { count: 0, noise: noNoise }, noise: without };

/** Events chosen, in any area: all, and those that have a known unit of each kind. */
interface Reach {
  chosen: readonly ChosenRow[];
  events: ReadonlyMap<RepeatUnit | 'all', number>;
}

async function readReach(inquiry: Inquiry, scope: Scope): Promise<Reach> {
  if (scope.empty) return { chosen: [], events: new Map() };
  const [rows, chosen] = await Promise.all([inquiry.counts<ReachRow>(scope, reachSql), inquiry.counts<ChosenRow>(scope, chosenEventsSql)]);
  const sum = (column: 'events' | 'in_area') => chosen.reduce((all, row) => all + row[column], 0);
  return { chosen, events: new Map<RepeatUnit | 'all', number>([...rows.map((row) => [row.unit_kind, row.events] as const), ['area', sum('in_area')], ['all', sum('events')]]) };
}

async function countUnits(rule: DisclosureRule, inquiry: Inquiry, scope: Scope, by: PersonalUnit, { chosen }: Reach): Promise<Frequent> {
  const [rows, units] = await Promise.all([
    inquiry.counts<FrequencyRow>(scope, (of) => frequencySql(of, by)),
    inquiry.counts<UnitsRow>(scope, (of) => unitsAtRiskSql(of, by)),
  ]);
  return { frequencies: frequenciesOf(rows), atRisk: atRiskOf(rule, units), noise: repeatNoise(rule, chosen, units.map(({ block }) => scope.filters.area[block - 1] ?? '')) };
}

/** From what places would show of each area; a count that is not shown stands as the middle of what it may be. */
async function countAreas(rule: DisclosureRule, inquiry: Inquiry, scope: Scope): Promise<Frequent> {
  const rows = areaRows(scope, await inquiry.counts<AreaCount>(scope, areaCountsSql)).filter((row) => row.known);
  const { low, high } = protectedRange(rule);
  const areas = [...Map.groupBy(rows, (row) => row.area_code).values()];
  const shown = areas.map((own) => releaseCounted(rule, countOf(countingOf(rule, scope), own)) ?? Math.round((low + high) / 2));
  const frequencies = [...Map.groupBy(shown.filter((n) => n > 0), (n) => n)].map(([n, same]) => ({ n, units: same.length })).toSorted((a, b) => b.n - a.n);
  return { frequencies: frequenciesOf(frequencies), atRisk: { count: areas.length, noise: noNoise }, noise: without };
}

/** The unit asked for, or the first kind that the chosen events have. */
function chooseUnit(asked: string | undefined, reach: Reach): { by: RepeatUnit; notes: string[] } {
  const wanted = unitKinds.find((kind) => kind === asked);
  if (wanted) return { by: wanted, notes: [] };
  const by = unitKinds.find((kind) => (reach.events.get(kind) ?? 0) > 0) ?? 'address';
  const unknown = asked === undefined ? [] : [`There is no unit called "${asked}". Choose address, person, household or area.`];
  return { by, notes: by === 'address' ? unknown : [...unknown, `These feeds have no addresses, so ${unitWords[by]} are counted.`] };
}

interface Words extends Pick<RepeatInput, 'units' | 'events' | 'personal'> {
  by: RepeatUnit;
  /** What the events are, such as "incidents". */
  noun: string;
}

function wordsOf(context: QuestionContext, scope: Scope, by: RepeatUnit): Words {
  const noun = nounOf(scope, context.categories);
  return { by, noun, units: unitWords[by], events: by === 'person' || by === 'household' ? `involvements in ${noun}` : noun, personal: by !== 'area' };
}

function knownShare({ disclosure }: QuestionContext, { chosen, events }: Reach, by: RepeatUnit): number | null {
  const salt = unitKinds.indexOf(by) + 1;
  const known: Counted = { count: events.get(by) ?? 0, noise: addNoise(chosen.map((item) => periodNoise(disclosure, item, salt))) };
  return shareOfCounted(disclosure, known, allOf(disclosure, { chosen }));
}

const allOf = (rule: DisclosureRule, { chosen }: Pick<Reach, 'chosen'>): Counted => ({ count: chosen.reduce((sum, row) => sum + row.events, 0), noise: addNoise(chosen.map((item) => periodNoise(rule, item))) });

/** "Three per cent of addresses make 20 per cent of incidents; chance alone would give 9 per cent." */
function sentenceOf(table: Table, { by, units, events }: Words): string {
  const shown = table.rows.filter((row) => typeof row.share === 'number');
  const row = shown.find((each) => (each.share as number) >= 0.2) ?? shown.at(-1);
  if (!row) return `There are too few ${units} with ${events} in this choice to show. Choose a longer period or more areas.`;
  const top = smallNumber(Math.round((row.top as number) * 100));
  const verb = { address: 'make', person: 'have', household: 'have', area: 'hold' }[by];
  return `${capital(top)} per cent of ${units} ${verb} ${perCent(row.share as number)} of ${events}; chance alone would give ${perCent(row.chance as number)}.`;
}

function emptySentence({ disclosure }: QuestionContext, scope: Scope, reach: Reach, { by, noun }: Words): string {
  const of = (kind: RepeatUnit | 'all') => reach.events.get(kind) ?? 0;
  if (scope.empty || of('all') === 0 || of(by) > 0) return nothingFound(scope);
  const others = unitKinds.filter((kind) => of(kind) > 0);
  const help = others.length > 0 ? `Choose ${others.map((kind) => unitWords[kind]).join(' or ')} instead.` : 'Load a feed that has them, and build again.';
  const all = releaseCounted(disclosure, allOf(disclosure, reach));
  return `None of the ${all === null ? '' : `${writeNumber(all)} `}${noun} of this choice has a known ${by}. ${help}`;
}

function howSure(scope: Scope, known: number | null, { by, noun, units }: Words, part: Part): string[] {
  const whose: Record<RepeatUnit, string> = {
    address: part !== 'all' ? 'At risk are the addresses, premises and schools that have an event of the feeds that you may see. Those without one are missing, which makes concentration look smaller than it is.' : 'All addresses, premises and schools that any feed names are at risk. An address that no feed names is missing, which makes concentration look smaller than it is.',
    person: 'All people that any feed names are at risk, with one count for each event that a person is in, in any part: a victim, a suspect and a caller count alike.',
    household: 'A household is the people whose records give the same address. All that any feed names are at risk.',
    area: 'All areas of the partnership are at risk alike, whatever their residents. Events elsewhere or without an area are left out.',
  };
  return [
    ...scope.notes,
    ...(known === null ? [] : [`${capital(perCent(known))} of ${noun} have a known ${by}; the rest cannot be counted here.`]),
    whose[by],
    ...(scope.filters.area.length > 0 && (by === 'person' || by === 'household') ? ['The areas are where people live; their events may have happened anywhere.'] : []),
    `With few events for each of the ${units}, chance alone gives a few of them a large share, so the share that chance would give stands beside (Bernasco and Steenbeek 2017).`,
    ...(by === 'person' || by === 'household' ? ['A missed link splits one person into two and hides repeats; the data quality page shows for which groups.'] : []),
  ];
}
