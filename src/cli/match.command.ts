// headwater match: who is this? Searches the people of the current snapshot by what is known of somebody, for a person who says who they are and why.
// What it found is in the audit before it is shown.

import type { Command } from 'commander';
import { openPeopleSearch } from '../build/index.ts';
import { Problem } from '../core/index.ts';
import { readAgreementPacks } from '../govern/index.ts';
import type { FoundMatch, MatchQuery } from '../linkage/index.ts';
import { recordAuditEvent, type Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { checkName, checkPurpose } from './given-reader.ts';

interface Options {
  home?: string;
  json?: boolean;
  limit: string;
  by: string;
  purpose: string;
  born?: string;
  age?: string;
  [column: string]: string | boolean | undefined;
}

/** Options that are a column each. */
const columns: [name: string, column: string, about: string][] = [
  ['forename', 'forename', 'forename, or a short form of it'], ['middleNames', 'middle_names', 'middle names'], ['surname', 'surname', 'surname'], ['sex', 'sex', 'M or F'],
  ['address', 'address', 'address'], ['postcode', 'postcode', 'postcode'], ['nhsNumber', 'nhs_number', 'NHS number'], ['upn', 'upn', 'unique pupil number'], ['phone', 'phone', 'telephone'], ['email', 'email', 'e-mail'],
];
const flag = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`;

function queryOf(options: Options, year: number): MatchQuery {
  if (options.born !== undefined && !/^\d{4}-\d\d-\d\d$/.test(options.born)) throw new Problem('usage', { what: 'The date of birth is not a date', where: '--born', todo: 'Write it like 1961-04-17.' });
  if (options.age !== undefined && !/^\d{1,3}$/.test(options.age)) throw new Problem('usage', { what: 'The age is not a number of years', where: '--age', todo: 'Write it like --age 40.' });
  const given = Object.fromEntries(columns.map(([name, column]) => [column, options[name] as string | undefined]));
  const query: MatchQuery = { ...given, birth_date: options.born, ...(options.age === undefined ? {} : { born_about: year - Number(options.age) }) };
  if (Object.values(query).every((value) => value === undefined)) throw new Problem('usage', { what: 'Nothing is said of whom to look for', where: 'match', todo: 'Give --surname, --forename, --born or others.' });
  return query;
}

function linesOf({ personKey, sourceId, probability, conflicts, parts }: FoundMatch): string[] {
  const said = parts.filter((part) => part.levelLabel !== undefined).map((part) => `${part.levelLabel} (${part.bits >= 0 ? '+' : '−'}${Math.abs(part.bits).toFixed(1)})`);
  return [
    `${personKey ?? ''} ${sourceId}: ${(100 * probability).toFixed(1)} per cent`,
    `  ${said.join(' · ')}`,
    ...conflicts.map((conflict) => `  Never linked by itself: ${conflict}`),
  ];
}

async function search(context: CliContext, home: Home, query: MatchQuery, limit: number): Promise<FoundMatch[]> {
  const index = await openPeopleSearch(home, context.progress);
  try {
    return await index.findMatches(query, { limit });
  } finally {
    index.close();
  }
}

export function addMatchCommand(program: Command, context: CliContext): void {
  const command = program
    .command('match')
    .description('find a person in the current snapshot by what is known of them')
    .option('--home <dir>', 'the partnership’s home');
  for (const [name, , about] of columns) command.option(flag(name), about);
  command
    .option('--born <date>', 'date of birth, like 1961-04-17')
    .option('--age <years>', 'about how old')
    .option('--limit <n>', 'matches to show at most', '10')
    .requiredOption('--by <name>', 'your sign-in, for the audit')
    .requiredOption('--purpose <code>', 'what you look for this person for, such as early-help, for the audit')
    .option('--json', 'print the matches as JSON')
    .action(async (options: Options) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1) throw new Problem('usage', { what: 'The limit is not a whole number from 1', where: '--limit', todo: 'Write it like --limit 5.' });
      const query = queryOf(options, new Date(context.clock.now()).getFullYear());
      const by = checkName(options.by, '--by');
      const home = homeOf(context, options);
      const purpose = checkPurpose(options.purpose, readAgreementPacks(home.packs), { identified: true });
      const casework = await context.openStore(home);
      try {
        const found = await search(context, home, query, limit);
        const ids = [...new Set(found.map(({ personKey, sourceId }) => personKey ?? sourceId))];
        await recordAuditEvent(casework.db, context.clock, { actorId: by, action: 'person.search', outcome: 'done', subjectKind: 'person', subjectIds: ids, purpose });
        print(context, options.json, found, () => (found.length === 0 ? ['Nobody is like that.'] : found.flatMap(linesOf)));
      } finally {
        await casework.close();
      }
    });
}
