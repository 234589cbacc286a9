// How is a column of someone's own file compared? Templates for names, dates of birth, postcodes, numbers and so on: each gives cleaned
// columns and the levels of a comparison as SQL over the two records `l` and `r`. Starting m and u are replaced by training.

import { id } from '../store/index.ts';
import { dateFormats, parsedDateSql } from './column-profile.store.ts';
import { addressSql, dateSql, districtSql, emailSql, forenameSql, houseSql, joinParticlesSql, nameSql, nhsNumberSql, phoneSql, postcodeSql, sectorSql, streetSql, upnSql } from './identity-cleaning.sql.ts';
import type { Comparison, ComparisonLevel } from './linkage-settings.ts';
import { birthDateComparison, emailComparison, phoneComparison } from './person-comparisons.sql.ts';

export const templateNames = ['name', 'forename', 'surname', 'date-of-birth', 'postcode', 'address', 'nhs-number', 'upn', 'email', 'phone', 'exact', 'text-similarity', 'number', 'distance', 'array'] as const;
export type TemplateName = (typeof templateNames)[number];
export const similarityMethods = ['jaro-winkler', 'levenshtein', 'damerau-levenshtein', 'jaccard'] as const;

export interface TemplateUse {
  name: string;
  template: TemplateName;
  /** Source columns; most templates read one, distance reads latitude and longitude. */
  columns: string[];
  /** How much the frequency of the agreed value counts, 0 to 1. */
  frequency?: number | undefined;
  method?: (typeof similarityMethods)[number] | undefined;
  /** Similarities of at least (edit distances of at most), the strictest first. */
  similar?: number[] | undefined;
  /** Differences of at most (kilometres for distance), the strictest first. */
  within?: number[] | undefined;
  /** Values of a list that must be shared, the most first. */
  shared?: number[] | undefined;
  /** What parts the values of a list in a text. */
  separator?: string | undefined;
  /** Date formats such as %d/%m/%Y, tried in order. */
  formats?: string[] | undefined;
}

export interface BuiltTemplate {
  /** Cleaned columns in steps: each step may read those before. */
  columns: { name: string; sql: string }[][];
  /** Cleaned columns that hold names: each gets NAME_sounds and NAME_roots beside it. */
  names: string[];
  comparison: Comparison;
}

const value = (column: string) => `nullif(trim(${id(column)}::VARCHAR), '')`;
const both = (column: string) => `l.${column} IS NULL OR r.${column} IS NULL`;
const same = (column: string) => `l.${column} = r.${column}`;
const different: ComparisonLevel = { name: 'different', label: 'Different', m: 0.05, u: 0.95 };

/** The same comparison over columns of other names. */
function renamed(comparison: Comparison, names: Record<string, string>): Comparison {
  const put = (sql: string) => sql.replace(/\b([lr])\.(\w+)\b/g, (whole, side: string, column: string) => (names[column] === undefined ? whole : `${side}.${names[column]}`));
  return {
    ...comparison,
    columns: comparison.columns.map((column) => names[column] ?? column),
    missing: put(comparison.missing),
    similarities: Object.fromEntries(Object.entries(comparison.similarities ?? {}).map(([name, sql]) => [name, put(sql)])),
    levels: comparison.levels.map((level) => ({ ...level, ...(level.sql === undefined ? {} : { sql: put(level.sql) }), ...(level.exactOn === undefined ? {} : { exactOn: names[level.exactOn] ?? level.exactOn }) })),
  };
}

/** "Similar" levels by one method: a similarity of at least, or an edit distance of at most, each value. */
function similarLevels(column: string, method: (typeof similarityMethods)[number], values: number[]): ComparisonLevel[] {
  const call = `${{ 'jaro-winkler': 'jaro_winkler_similarity', levenshtein: 'levenshtein', 'damerau-levenshtein': 'damerau_levenshtein', jaccard: 'jaccard' }[method]}(l.${column}, r.${column})`;
  const edits = method === 'levenshtein' || method === 'damerau-levenshtein';
  return values.map((limit, index) => ({ name: `similar_${index + 1}`, label: edits ? `At most ${limit} edits apart` : `Similarity of at least ${limit}`, sql: `${call} ${edits ? '<=' : '>='} ${limit}`, m: 0.06, u: 0.004 * 3 ** index }));
}

const exactLevel = (column: string, label: string, power: number, u = 0.005): ComparisonLevel => ({ name: 'exact', label, sql: same(column), m: 0.85, u, exactOn: column, frequencyPower: power });

type Parts = Omit<BuiltTemplate, 'comparison'> & Pick<Comparison, 'missing' | 'levels'> & Partial<Pick<Comparison, 'similarities'>>;
type Build = (use: TemplateUse, clean: string, column: string) => Parts;

const plain = (clean: string, sql: string, levels: ComparisonLevel[]): Parts => ({ columns: [[{ name: clean, sql }]], names: [], missing: both(clean), levels: [...levels, different] });

const identifier = (sql: (value: string) => string): Build => (_use, clean, column) => plain(clean, sql(value(column)), [{ name: 'exact', label: 'Same number', sql: same(clean), m: 0.98, u: 1e-6, exactOn: clean }]);

const forename: Build = (use, clean, column) => ({
  columns: [[{ name: `${clean}_whole`, sql: forenameSql(value(column)) }], [{ name: clean, sql: `split_part(${clean}_whole, ' ', 1)` }]],
  names: [clean],
  missing: both(clean),
  levels: [
    exactLevel(clean, 'Same forename', use.frequency ?? 1),
    { name: 'form', label: 'Forms of one forename', sql: `list_has_any(l.${clean}_roots, r.${clean}_roots)`, m: 0.05, u: 0.004 },
    ...similarLevels(clean, use.method ?? 'jaro-winkler', use.similar ?? [0.92, 0.82]),
    { name: 'sound', label: 'Sounds alike', sql: same(`${clean}_sounds`), m: 0.01, u: 0.005 },
    { name: 'initial', label: 'Initial agrees', sql: `(length(l.${clean}) = 1 OR length(r.${clean}) = 1) AND left(l.${clean}, 1) = left(r.${clean}, 1)`, m: 0.01, u: 0.001 },
    different,
  ],
});

const surname: Build = (use, clean, column) => ({
  columns: [[{ name: clean, sql: joinParticlesSql(nameSql(value(column))) }]],
  names: [clean],
  missing: both(clean),
  levels: [
    exactLevel(clean, 'Same surname', use.frequency ?? 1, 0.001),
    { name: 'part', label: 'Surnames share a part', sql: `(contains(l.${clean}, ' ') OR contains(r.${clean}, ' ')) AND list_has_any(str_split(l.${clean}, ' '), str_split(r.${clean}, ' '))`, m: 0.015, u: 0.0003 },
    ...similarLevels(clean, use.method ?? 'jaro-winkler', use.similar ?? [0.92, 0.84]),
    { name: 'sound', label: 'Sounds alike', sql: same(`${clean}_sounds`), m: 0.01, u: 0.005 },
    different,
  ],
});

const wholeName: Build = (use, clean, column) => ({
  columns: [[{ name: clean, sql: nameSql(value(column)) }], [{ name: `${clean}_words`, sql: `list_sort(str_split(${clean}, ' '))` }]],
  names: [],
  missing: both(clean),
  levels: [
    exactLevel(clean, 'Same name', use.frequency ?? 1, 0.0001),
    { name: 'order', label: 'Same words in another order', sql: same(`${clean}_words`), m: 0.03, u: 0.0001 },
    ...similarLevels(clean, use.method ?? 'jaro-winkler', use.similar ?? [0.92, 0.85]),
    { name: 'word', label: 'Share a word', sql: `list_has_any(l.${clean}_words, r.${clean}_words)`, m: 0.04, u: 0.01 },
    different,
  ],
});

const dateOfBirth: Build = (use, clean, column) => {
  const one = birthDateComparison();
  const { missing, levels, similarities } = renamed(one, { birth: clean, birth_text: `${clean}_text`, birth_year: `${clean}_year` });
  return {
    columns: [
      [{ name: `${clean}_day`, sql: parsedDateSql(value(column), use.formats ?? dateFormats.slice(0, 2)) }],
      [{ name: clean, sql: dateSql(`${clean}_day`) }],
      [{ name: `${clean}_text`, sql: `${clean}::VARCHAR` }, { name: `${clean}_year`, sql: `${clean} // 10000` }],
    ],
    names: [], missing, levels, ...(similarities ? { similarities } : {}),
  };
};

const postcode: Build = (use, clean, column) => ({
  columns: [[{ name: clean, sql: postcodeSql(value(column)) }], [{ name: `${clean}_sector`, sql: sectorSql(clean) }, { name: `${clean}_district`, sql: districtSql(clean) }]],
  names: [],
  missing: both(clean),
  levels: [
    exactLevel(clean, 'Same postcode', use.frequency ?? 1, 0.0001),
    { name: 'slip', label: 'Postcodes differ by a slip', sql: `levenshtein(l.${clean}, r.${clean}) = 1`, m: 0.03, u: 0.0004 },
    { name: 'sector', label: 'Same postcode sector', sql: same(`${clean}_sector`), m: 0.04, u: 0.005 },
    { name: 'district', label: 'Same postcode district', sql: same(`${clean}_district`), m: 0.08, u: 0.04 },
    different,
  ],
});

const address: Build = (use, clean, column) => ({
  columns: [[{ name: clean, sql: addressSql(value(column)) }], [{ name: `${clean}_house`, sql: houseSql(clean) }, { name: `${clean}_street`, sql: streetSql(clean) }]],
  names: [],
  missing: both(clean),
  levels: [
    exactLevel(clean, 'Same address', use.frequency ?? 1, 0.0001),
    { name: 'street', label: 'Same house, street alike', sql: `l.${clean}_house = r.${clean}_house AND jaro_winkler_similarity(l.${clean}_street, r.${clean}_street) >= 0.88`, m: 0.1, u: 0.0002 },
    ...similarLevels(clean, use.method ?? 'jaro-winkler', use.similar ?? [0.9]),
    different,
  ],
});

const fromPerson = (comparison: () => Comparison, from: string, sql: (value: string) => string): Build => (_use, clean, column) => {
  const { missing, levels, similarities } = renamed(comparison(), { [from]: clean });
  return { columns: [[{ name: clean, sql: sql(value(column)) }]], names: [], missing, levels, ...(similarities ? { similarities } : {}) };
};

const number: Build = (use, clean, column) =>
  plain(clean, `try_cast(${id(column)} AS DOUBLE)`, [
    exactLevel(clean, 'Same number', use.frequency ?? 0),
    ...(use.within ?? [1]).map((limit, index) => ({ name: `within_${index + 1}`, label: `At most ${limit} apart`, sql: `abs(l.${clean} - r.${clean}) <= ${limit}`, m: 0.08, u: 0.02 * 2 ** index })),
  ]);

/** Great-circle distance (haversine) on a sphere of 6,371 km. */
const distance: Build = (use, clean) => {
  const [latitude, longitude] = use.columns as [string, string];
  const kilometres = `2 * 6371 * asin(sqrt(least(1, pow(sin(radians(r.${clean} - l.${clean}) / 2), 2) + cos(radians(l.${clean})) * cos(radians(r.${clean})) * pow(sin(radians(r.${clean}_long - l.${clean}_long) / 2), 2))))`;
  return {
    columns: [[{ name: clean, sql: `try_cast(${id(latitude)} AS DOUBLE)` }, { name: `${clean}_long`, sql: `try_cast(${id(longitude)} AS DOUBLE)` }]],
    names: [],
    missing: `${both(clean)} OR ${both(`${clean}_long`)}`,
    levels: [...(use.within ?? [0.1, 1, 10]).map((limit, index) => ({ name: `within_${index + 1}`, label: `At most ${limit} km apart`, sql: `${kilometres} <= ${limit}`, m: 0.3, u: 0.001 * 5 ** index })), different],
  };
};

const array: Build = (use, clean, column) => ({
  columns: [[{ name: clean, sql: use.separator === undefined ? id(column) : `list_distinct(list_filter(list_transform(str_split(${id(column)}::VARCHAR, '${use.separator.replaceAll("'", "''")}'), lambda v: lower(trim(v))), lambda v: v <> ''))` }]],
  names: [],
  missing: `${both(clean)} OR len(l.${clean}) = 0 OR len(r.${clean}) = 0`,
  levels: [...(use.shared ?? [1]).map((least, index) => ({ name: `shared_${index + 1}`, label: `At least ${least} values shared`, sql: `len(list_intersect(l.${clean}, r.${clean})) >= ${least}`, m: 0.6, u: 0.01 * 3 ** index })), different],
});

const builds: Record<TemplateName, Build> = {
  name: wholeName, forename, surname, 'date-of-birth': dateOfBirth, postcode, address,
  'nhs-number': identifier(nhsNumberSql), upn: identifier(upnSql),
  email: fromPerson(emailComparison, 'email', emailSql), phone: fromPerson(phoneComparison, 'phone', phoneSql),
  exact: (use, clean, column) => plain(clean, value(column), [exactLevel(clean, 'Same', use.frequency ?? 1)]),
  'text-similarity': (use, clean, column) => plain(clean, `nullif(${lettersOrDigits(value(column))}, '')`, [exactLevel(clean, 'Same', use.frequency ?? 1), ...similarLevels(clean, use.method ?? 'jaro-winkler', use.similar ?? [0.92, 0.84])]),
  number, distance, array,
};

/** Small letters without accents, digits kept. */
const lettersOrDigits = (sql: string): string => `trim(regexp_replace(lower(strip_accents(${sql})), '[^\\p{L}\\p{M}0-9]+', ' ', 'g'))`;

/**
 * Builds the comparison of a template over the columns of a file.
 * @returns cleaned columns (`clean_NAME` and others that begin so), names among them, and the comparison's levels as SQL over `l` and `r`
 * @example buildTemplate({ name: 'born', template: 'date-of-birth', columns: ['dob'] }).comparison.levels[0].label // 'Same date of birth'
 */
export function buildTemplate(use: TemplateUse): BuiltTemplate {
  const clean = `clean_${use.name}`;
  const { columns, names, missing, levels, similarities } = builds[use.template](use, clean, use.columns[0]!);
  const power = use.frequency;
  const read = [...columns.flat().map((column) => column.name), ...names.flatMap((name) => [`${name}_sounds`, `${name}_roots`])];
  const put = levels.map((level) => (power !== undefined && level.frequencyPower !== undefined ? { ...level, frequencyPower: power } : level));
  return { columns, names, comparison: { name: use.name, label: use.name, columns: read, missing, levels: put, ...(similarities ? { similarities } : {}) } };
}
