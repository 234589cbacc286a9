// Shapes the filters of a question page: what is chosen, as words and as tags that take one choice away, and the form that adds more.
// The form carries everything that it does not itself change.

import type { Filters } from '../../core/index.ts';
import { writeMonth } from '../charts/number-words.ts';
import type { Choice, ChoiceGroup, FilterChoices } from './filter-choices.ts';
import { carried, withoutFilter, writeAddress, type QuestionAddress } from './question-address.ts';

/** Choices with a link of their own; the address of each link holds all the others, so many would make a page of megabytes. */
const mostTags = 20;

/** Choices that the summary names. */
const mostNamed = 4;

/** One of a page's own options, such as what to count by. */
export interface PageOption {
  name: string;
  label: string;
  /** In the summary, where the label is too long for it. */
  short?: string;
  choices: Choice[];
  /** What holds where the address is silent. */
  standard: string;
  /** Said in the summary even where it is standard. */
  said?: boolean;
  /** Several may be chosen: boxes to tick instead of a list. */
  many?: boolean;
}

interface Tag {
  text: string;
  href: string;
}

export interface FilterPanel {
  action: string;
  summary: string;
  /** `more`: how many are chosen beside those shown. */
  tags: { heading: string; items: Tag[]; more: number }[];
  clearHref: string | null;
  carried: { name: string; value: string }[];
  agencies: (Choice & { checked: boolean })[];
  categories: ChoiceGroup[];
  areas: ChoiceGroup[];
  from: (Choice & { chosen: boolean })[];
  to: (Choice & { chosen: boolean })[];
  options: (PageOption & { items: (Choice & { chosen: boolean })[] })[];
}

export function presentFilterPanel(address: QuestionAddress, choices: FilterChoices, options: PageOption[]): FilterPanel {
  const { filters } = address;
  const tags = presentTags(address, choices);
  const known = choices.agencies.map((choice) => choice.value);
  const agencies = [...choices.agencies, ...filters.agency.filter((value) => !known.includes(value)).map((value) => ({ value, text: value }))];
  return {
    action: address.path,
    summary: summarise(filters, choices, address, options),
    tags,
    clearHref: tags.length > 0 ? writeAddress(address, { filters: { agency: [], category: [], area: [], from: undefined, to: undefined } }) : null,
    carried: carried(address, ['agency', 'from', 'to', ...options.map((option) => option.name)]),
    agencies: agencies.map((choice) => ({ ...choice, checked: filters.agency.includes(choice.value) })),
    categories: without(choices.categories, filters.category),
    areas: without(choices.areas, filters.area),
    from: monthChoices(choices.months, filters.from, 'First month'),
    to: monthChoices(choices.months, filters.to, 'Last month'),
    options: options.map((option) => ({ ...option, items: choicesOf(option, address).map((choice) => ({ ...choice, chosen: isChosen(option, address, choice.value) })) })),
  };
}

/** What the option offers, with what the address asks for besides, so that it is not lost. */
function choicesOf(option: PageOption, address: QuestionAddress): Choice[] {
  const asked = (address.options[option.name] ?? '').split(',').filter((value) => value !== '' && !option.choices.some((choice) => choice.value === value));
  return [...option.choices, ...asked.map((value) => ({ value, text: value }))];
}

function isChosen(option: PageOption, address: QuestionAddress, value: string): boolean {
  return (address.options[option.name] ?? option.standard).split(',').includes(value);
}

function without(groups: ChoiceGroup[], chosen: string[]): ChoiceGroup[] {
  return groups.map(({ label, choices }) => ({ label, choices: choices.filter((choice) => !chosen.includes(choice.value)) })).filter(({ choices }) => choices.length > 0);
}

function monthChoices(months: string[], chosen: string | undefined, empty: string): (Choice & { chosen: boolean })[] {
  const all = chosen && !months.includes(chosen) ? [...months, chosen].sort() : months;
  return [{ value: '', text: empty, chosen: !chosen }, ...all.map((month) => ({ value: month, text: writeMonth(month), chosen: month === chosen }))];
}

function nameOf(groups: ChoiceGroup[], value: string): string {
  return groups.flatMap((group) => group.choices).find((choice) => choice.value === value)?.text ?? value;
}

function presentTags(address: QuestionAddress, choices: FilterChoices): FilterPanel['tags'] {
  const { filters } = address;
  const groups = { agency: [{ label: '', choices: choices.agencies }], category: choices.categories, area: choices.areas };
  const lists = ([['agency', 'Agency'], ['category', 'Type of event'], ['area', 'Area']] as const).map(([name, heading]) => ({
    heading,
    items: filters[name].slice(0, mostTags).map((value) => ({ text: nameOf(groups[name], value), href: withoutFilter(address, name, value) })),
    more: Math.max(0, filters[name].length - mostTags),
  }));
  const months = ([['from', 'From'], ['to', 'To']] as const).flatMap(([name, label]) =>
    filters[name] ? [{ text: `${label} ${writeMonth(filters[name])}`, href: writeAddress(address, { filters: { [name]: undefined } }) }] : []);
  return [...lists, { heading: 'Period', items: months, more: 0 }].filter(({ items }) => items.length > 0);
}

function inWords(names: string[]): string {
  return names.length > mostNamed ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more` : names.join(' and ');
}

/** "All agencies, all types of event, January 2025 to March 2025, all areas. Counted by officer hours." */
function summarise(filters: Filters, choices: FilterChoices, address: QuestionAddress, options: PageOption[]): string {
  const listed = (values: string[], groups: ChoiceGroup[], all: string): string => (values.length === 0 ? all : inWords(values.map((value) => nameOf(groups, value))));
  const [first, last] = [filters.from ?? choices.months[0], filters.to ?? choices.months.at(-1)];
  // Asked for what lies beyond the data, the period has one end: "January 2030 to April 2024" would be none.
  const backwards = first && last && first > last ? (filters.from ? `from ${writeMonth(first)}` : `until ${writeMonth(last)}`) : undefined;
  const period = backwards ?? (first && last ? (first === last ? writeMonth(first) : `${writeMonth(first)} to ${writeMonth(last)}`) : 'all months');
  const parts = [
    listed(filters.agency, [{ label: '', choices: choices.agencies }], 'all agencies'),
    listed(filters.category, choices.categories, 'all types of event'),
    period,
    listed(filters.area, choices.areas, 'all areas'),
  ];
  const chosen = options.filter((option) => option.said || (address.options[option.name] ?? option.standard) !== option.standard).map((option) => `${option.short ?? option.label}: ${choicesOf(option, address).filter((choice) => isChosen(option, address, choice.value)).map((choice) => choice.text).join(', ') || 'none'}`);
  const sentence = parts.join(', ');
  return `${[`${sentence[0]!.toUpperCase()}${sentence.slice(1)}`, ...chosen].join('. ')}.`;
}
