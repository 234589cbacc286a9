// Which settings would suit the columns as recognised? Templates by role and rules over their cleaned columns: what the person preset uses
// where it is asked for link types, labels or a model for Splink, which its own engine does not have; and a start for settings of one's own.

import { Problem } from '../core/index.ts';
import type { TemplateName } from './comparison-templates.sql.ts';
import type { ColumnRole, RecognisedColumn } from './recognise-columns.ts';
import { checkSettingsFile, type SettingsComparison, type SettingsFile } from './settings-file.ts';

const templates: Partial<Record<ColumnRole, { name: string; template: TemplateName }>> = {
  forename: { name: 'forename', template: 'forename' }, surname: { name: 'surname', template: 'surname' }, full_name: { name: 'name', template: 'name' }, middle_names: { name: 'middle', template: 'text-similarity' },
  birth_date: { name: 'born', template: 'date-of-birth' }, postcode: { name: 'postcode', template: 'postcode' }, address: { name: 'address', template: 'address' }, sex: { name: 'sex', template: 'exact' },
  nhs_number: { name: 'nhs_number', template: 'nhs-number' }, upn: { name: 'upn', template: 'upn' }, email: { name: 'email', template: 'email' }, phone: { name: 'phone', template: 'phone' },
  number: { name: 'number', template: 'text-similarity' }, words: { name: 'words', template: 'text-similarity' },
};

/** Keys that block, where all their comparisons are there. */
const rules: [string, string[]][] = [
  ['nhs_number', ['clean_nhs_number']], ['upn', ['clean_upn']], ['email', ['clean_email']], ['phone', ['clean_phone']],
  ['forename surname', ['clean_forename', 'clean_surname']], ['born surname', ['clean_born', 'clean_surname']], ['born forename', ['clean_born', 'clean_forename']], ['born postcode', ['clean_born', 'clean_postcode']],
  ['postcode surname', ['clean_postcode', 'clean_surname']], ['postcode forename', ['clean_postcode', 'clean_forename']], ['born surname', ['clean_born', 'clean_surname_sounds']],
  ['forename surname', ['least(clean_forename, clean_surname)', 'greatest(clean_forename, clean_surname)']], ['name', ['clean_name']], ['name', ['clean_name_words']], ['born name', ['clean_born', 'left(clean_name, 3)']], ['postcode name', ['clean_postcode', 'left(clean_name, 3)']],
];

/**
 * Settings for columns as recognised.
 * @throws Problem where no rule can be made of them
 */
export function settingsFromColumns(recognised: readonly RecognisedColumn[]): SettingsFile {
  const comparisons: Partial<SettingsComparison>[] = [];
  for (const { column, role, formats } of recognised) {
    const made = templates[role];
    if (!made) continue;
    const before = comparisons.filter(({ name }) => name!.replace(/_\d+$/, '') === made.name).length;
    comparisons.push({ name: before === 0 ? made.name : `${made.name}_${before + 1}`, template: made.template, column, ...(formats && formats.length > 0 ? { formats } : {}), ...(role === 'sex' ? { frequency: 0 } : {}) });
  }
  const held = new Set(comparisons.map(({ name }) => name));
  const blocking = [...rules.filter(([needs]) => needs.split(' ').every((name) => held.has(name))).map(([, keys]) => keys), ...comparisons.filter(({ name }) => name!.startsWith('number')).map(({ name }) => [`clean_${name}`])];
  if (blocking.length === 0) throw new Problem('badInput', { what: 'No column was recognised by which pairs could be chosen', where: '--preset person', todo: 'Name comparisons and rules in a settings file (docs/how-to/link-your-own-files.md).' });
  return checkSettingsFile({ comparisons, blocking, clusters: 'votes' });
}
