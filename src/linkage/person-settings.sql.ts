// The settings that link people well without being told anything: cleaning, comparisons, blocking and training over the columns of
// source_record (docs/data-model.md). Columns that are absent or empty are left out.

import {
  birthDateComparison, emailComparison, forenameComparison, homeComparison, identifierComparison, middleNameComparison, phoneComparison, sexComparison,
  surnameComparison, typedNumberComparison, wordsComparison,
} from './person-comparisons.sql.ts';
import {
  addressSql, dateSql, districtSql, emailSql, forenameSql, houseSql, joinParticlesSql, lettersSql, nameSql, nhsNumberSql, phoneSql, postcodeSql, sectorSql, sexSql, streetSql, upnSql,
} from './identity-cleaning.sql.ts';
import type { BlockingKey, BlockingRule, CleanColumn, Comparison, DerivedColumn, LinkageSettings, RelativesRule, TrainingRule } from './linkage-settings.ts';
import { listNicknames } from './nicknames.ts';

export interface PersonOptions {
  /** Further columns to compare: issued numbers of which a person has one, typed numbers that hold slips, words such as a town. */
  identifiers?: string[];
  typedNumbers?: string[];
  words?: string[];
  threshold?: number;
  /** A folder of local packs, for the local pack `nicknames`. */
  localPacks?: string;
  seed?: number;
}

const clean: CleanColumn[] = [
  { name: 'forenames', from: ['forename'], sql: forenameSql('forename') },
  { name: 'middles', from: ['middle_names'], sql: nameSql('middle_names') },
  { name: 'surnames', from: ['surname'], sql: joinParticlesSql(nameSql('surname')) },
  { name: 'listed', from: ['surname'], sql: "contains(surname, ',')" },
  { name: 'birth', from: ['birth_date'], sql: dateSql('birth_date') },
  { name: 'born_about', from: ['born_about'], sql: 'born_about' },
  { name: 'sex', from: ['sex'], sql: sexSql('sex') },
  { name: 'postcode', from: ['postcode'], sql: postcodeSql('postcode') },
  // Most records have held one postcode: only the others need lists.
  { name: 'former', from: ['other_postcodes', 'postcode'], sql: `CASE WHEN len(other_postcodes) > 1 OR other_postcodes[1] <> postcode OR postcode IS NULL THEN list_transform(other_postcodes, lambda q: ${postcodeSql('q')}) END` },
  { name: 'address', from: ['address'], sql: addressSql('address') },
  { name: 'nhs_number', from: ['nhs_number'], sql: nhsNumberSql('nhs_number') },
  { name: 'upn', from: ['upn'], sql: upnSql('upn') },
  { name: 'phone', from: ['phone'], sql: phoneSql('phone') },
  { name: 'email', from: ['email'], sql: emailSql('email') },
];

// A record without a surname may hold the whole name in the forename's column, one without a forename "SURNAME, Forename" in the other;
// a second forename is a middle name.
const wholeForename = "surnames IS NULL AND contains(forenames, ' ')";
const wholeSurname = "forenames IS NULL AND listed AND contains(surnames, ' ')";
const derived: DerivedColumn[] = [
  { name: 'forename', sql: `CASE WHEN ${wholeSurname} THEN split_part(surnames, ' ', 2) ELSE split_part(forenames, ' ', 1) END` },
  { name: 'middle', sql: "split_part(coalesce(middles, CASE WHEN surnames IS NOT NULL AND contains(forenames, ' ') THEN substr(forenames, instr(forenames, ' ') + 1) END), ' ', 1)" },
  { name: 'surname', sql: `CASE WHEN ${wholeForename} THEN split_part(forenames, ' ', -1) WHEN ${wholeSurname} THEN split_part(surnames, ' ', 1) ELSE surnames END` },
  { name: 'birth_text', sql: 'birth::VARCHAR' },
  { name: 'birth_year', kind: 'number', sql: 'coalesce(birth // 10000, born_about)' },
  { name: 'postcodes', kind: 'number', sql: 'CASE WHEN former IS NOT NULL AND (len(former) > 1 OR former[1] IS DISTINCT FROM postcode) THEN list_append(former, postcode) END' },
  { name: 'sector', sql: sectorSql('postcode') },
  { name: 'district', sql: districtSql('postcode') },
  { name: 'house', sql: houseSql('address') },
  { name: 'street', sql: streetSql('address') },
];

const later: DerivedColumn[] = [
  { name: 'forename_letter', kind: 'number', sql: 'unicode(forename)' },
  { name: 'surname_letter', kind: 'number', sql: 'unicode(surname)' },
  { name: 'address_key', sql: "postcode || '|' || coalesce(house, '') || '|' || left(street, 4)" },
];

const blocking: BlockingRule[] = [
  { name: 'NHS number', keys: ['nhs_number'], needs: ['nhs_number'] },
  { name: 'UPN', keys: ['upn'], needs: ['upn'] },
  { name: 'E-mail', keys: ['email'], needs: ['email'] },
  { name: 'Telephone and initial', keys: ['phone', 'forename_letter'], needs: ['phone', 'forename'] },
  { name: 'Forename and surname, in either order', keys: ['least(forename, surname)', 'greatest(forename, surname)'], needs: ['forename', 'surname'] },
  { name: 'Date of birth and sound of either name', keys: ['birth'], listKey: 'list_concat(surname_sounds, forename_sounds)', needs: ['birth', 'surname'] },
  { name: 'Date of birth and form of forename', keys: ['birth'], listKey: 'forename_roots', needs: ['birth', 'forename'] },
  { name: 'Date of birth and postcode', keys: ['birth', 'postcode'], needs: ['birth', 'postcode'] },
  { name: 'Postcode and form of forename', keys: ['postcode'], listKey: 'forename_roots', needs: ['postcode', 'forename'] },
  { name: 'Postcode, surname and initial', keys: ['postcode', 'surname', 'forename_letter'], needs: ['postcode', 'surname', 'forename'] },
  { name: 'Year of birth and sound of names', keys: ['birth_year', 'forename_sounds[1]'], listKey: 'surname_sounds', needs: ['birth_year', 'forename', 'surname'] },
  { name: 'Day and month in either order, and surname', keys: ['birth // 10000', 'least(birth % 100, (birth // 100) % 100)', 'greatest(birth % 100, (birth // 100) % 100)', 'surname'], needs: ['birth', 'surname'] },
  { name: 'Address and initial', keys: ['house', 'left(street, 8)', 'district', 'forename_letter'], needs: ['street', 'district', 'forename'] },
  { name: 'Name and district', keys: ['surname_sounds[1]', 'district'], listKey: 'forename_roots', needs: ['surname', 'forename', 'district'] },
];

const blockingKeys: BlockingKey[] = [
  { name: 'date of birth', sql: 'birth', needs: ['birth'] },
  { name: 'day and month of birth', sql: 'birth % 10000', needs: ['birth'] },
  { name: 'year and month of birth', sql: 'birth // 100', needs: ['birth'] },
  { name: 'year of birth', sql: 'birth_year', needs: ['birth_year'] },
  { name: 'decade of birth', sql: 'birth_year // 10', needs: ['birth_year'] },
  { name: 'form of forename', sql: 'forename_roots', list: true, needs: ['forename'] },
  { name: 'sound of forename', sql: 'forename_sounds[1]', needs: ['forename'] },
  { name: 'initial', sql: 'forename_letter', needs: ['forename'] },
  { name: 'last name', sql: 'coalesce(surname, forename)', needs: ['forename', 'surname'] },
  { name: 'sound of surname', sql: 'surname_sounds', list: true, needs: ['surname'] },
  { name: 'sound of last name', sql: 'coalesce(surname_sounds, forename_sounds)[1]', needs: ['forename', 'surname'] },
  { name: 'start of last name', sql: 'left(coalesce(surname, forename), 3)', needs: ['forename', 'surname'] },
  { name: 'either name', sql: '[forename, surname]', list: true, needs: ['forename', 'surname'] },
  { name: 'postcode', sql: 'postcode', needs: ['postcode'] },
  { name: 'postcode sector', sql: 'sector', needs: ['sector'] },
  { name: 'postcode district', sql: 'district', needs: ['district'] },
  { name: 'house and street', sql: "house || ' ' || left(street, 6)", needs: ['house', 'street'] },
  { name: 'street', sql: 'left(street, 8)', needs: ['street'] },
  { name: 'telephone', sql: 'phone', needs: ['phone'] },
  { name: 'name of the e-mail', sql: "split_part(email, '@', 1)", needs: ['email'] },
];

const training: TrainingRule[] = [
  { name: 'NHS number', keys: ['nhs_number'], needs: ['nhs_number'], fixes: ['nhs_number'] },
  { name: 'UPN', keys: ['upn'], needs: ['upn'], fixes: ['upn'] },
  { name: 'Forename and surname', keys: ['forename', 'surname'], needs: ['forename', 'surname'], fixes: ['forename', 'surname'] },
  { name: 'Date of birth and surname', keys: ['birth', 'surname'], needs: ['birth', 'surname'], fixes: ['birth_date', 'surname'] },
  { name: 'Date of birth and forename', keys: ['birth', 'forename'], needs: ['birth', 'forename'], fixes: ['birth_date', 'forename'] },
  { name: 'Date of birth and postcode', keys: ['birth', 'postcode'], needs: ['birth', 'postcode'], fixes: ['birth_date', 'home'] },
];

const relatives: RelativesRule = {
  name: 'Relatives in one home',
  keys: ['postcode', 'surname'],
  needs: ['postcode', 'surname'],
  fixes: ['home', 'surname'],
  shared: ['home'],
  partlyShared: { surname: 0.75, forename: 0.03, middle_names: 0.1 },
  startShared: { phone: 0.3, email: 0.1, birth_date: 0.01 },
};

/** A further column's cleaned form: letters and digits in small letters for words, as written without spaces for numbers. */
const further = (options: PersonOptions): { clean: CleanColumn[]; comparisons: Comparison[] } => {
  const numbers = [...(options.identifiers ?? []), ...(options.typedNumbers ?? [])];
  const number = (column: string) => `nullif(upper(regexp_replace(${quote(column)}::VARCHAR, '[^\\p{L}0-9]+', '', 'g')), '')`;
  return {
    clean: [
      ...numbers.map((column) => ({ name: safeName(column), from: [column], sql: number(column) })),
      ...(options.words ?? []).map((column) => ({ name: safeName(column), from: [column], sql: `nullif(${lettersSql(`${quote(column)}::VARCHAR`)}, '')` })),
    ],
    comparisons: [
      ...(options.identifiers ?? []).map((column) => identifierComparison(safeName(column), column)),
      ...(options.typedNumbers ?? []).map((column) => typedNumberComparison(safeName(column), column)),
      ...(options.words ?? []).map((column) => wordsComparison(safeName(column), column)),
    ],
  };
};

const quote = (column: string) => `"${column.replaceAll('"', '""')}"`;
const safeName = (column: string) => `x_${column.toLowerCase().replace(/[^a-z0-9_]+/g, '_')}`;

/**
 * The person preset over source_record's columns.
 * @param options further columns, the threshold (a probability, default 0.5) and the place of local packs
 * @returns settings for `linkRecords`; plain data that may be changed before use
 * @example await linkRecords(duck, { source: 'source_record', out: 'source_person', settings: personSettings({ words: ['city'] }) })
 */
export function personSettings(options: PersonOptions = {}): LinkageSettings {
  const more = further(options);
  const numbers = [...(options.identifiers ?? []), ...(options.typedNumbers ?? [])].map(safeName);
  const sameNumber: Record<string, string[]> = { nhs_number: ['exact'], upn: ['exact'] };
  for (const column of options.identifiers ?? []) sameNumber[safeName(column)] = ['exact'];
  for (const column of options.typedNumbers ?? []) sameNumber[safeName(column)] = ['exact', 'near'];
  return {
    idColumn: 'source_id',
    clean: [...clean, ...more.clean],
    derived: [derived, later],
    names: ['forename', 'surname'],
    nameDependence: { first: 'forename', second: 'surname', apart: 'birth', levels: { forename: ['exact', 'variant', 'near'], surname: ['exact', 'near'] }, least: -2, most: 8 },
    comparisons: [
      forenameComparison(), surnameComparison(), middleNameComparison(), birthDateComparison(), sexComparison(), homeComparison(),
      identifierComparison('nhs_number', 'NHS number'), identifierComparison('upn', 'UPN'), phoneComparison(), emailComparison(), ...more.comparisons,
    ],
    blocking: [...blocking, ...numbers.map((column) => ({ name: column.slice(2), keys: [column], needs: [column] }))],
    blockingKeys: [...blockingKeys, ...(options.words ?? []).map((column) => ({ name: column, sql: safeName(column), needs: [safeName(column)] }))],
    pairsPerRecord: 8,
    leastBudget: 5e6,
    pairsPerMatch: 2000,
    training,
    relatives,
    conflicts: [
      { name: 'Different NHS numbers', absolute: true, when: { nhs_number: ['different'] } },
      { name: 'Different UPNs', absolute: true, when: { upn: ['different'] } },
      {
        name: 'Twins: same birth, surname and home, different forenames',
        when: { forename: ['different'], surname: ['exact'], birth_date: ['exact'], home: ['address', 'postcode', 'neighbour'] },
        unless: sameNumber,
      },
      {
        name: 'Two people: forenames and dates of birth differ',
        when: { forename: ['different'], birth_date: ['different', 'generation'] },
        unless: sameNumber,
      },
      {
        name: 'Parent and child of one name: a generation apart',
        when: { birth_date: ['generation'] },
        unless: sameNumber,
      },
    ],
    onePerPerson: ['nhs_number', 'upn'],
    nicknames: listNicknames(options.localPacks),
    threshold: options.threshold ?? 0.5,
    maxBlock: 300,
    samplePairs: 200_000,
    seed: 1,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
}
