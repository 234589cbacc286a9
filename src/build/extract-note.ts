// The README of an extract: for whom it is, what it holds and what not, what its pseudonyms are, and what its reader must do with counts made from it.

import { roleTitles, type Role } from '../core/index.ts';
import type { ExtractManifest } from './extract-manifest.ts';

const number = (value: number) => value.toLocaleString('en-GB');

export function extractNote({ partnership, simulated, purpose, agreement, clauses, recipient, madeBy, madeAt, snapshot, fields, tables }: ExtractManifest): string {
  return `# Extract for one purpose: ${purpose.title}

${simulated ? '**Simulated data.** Everyone here is invented.\n\n' : ''}**For ${recipient.name} alone** (${roleTitles[recipient.role as Role].toLowerCase()}, ${recipient.agency}), for this purpose alone. Do not pass it on.

| | |
|---|---|
| Partnership | ${partnership} |
| Purpose | ${purpose.title} (\`${purpose.code}\`) |
| Agreement | ${agreement.title} (\`${agreement.id}\`) |
| Clauses | ${clauses.map((clause) => `\`${clause}\``).join(', ')} |
| Made by | ${madeBy}, ${madeAt} |
| Snapshot | \`${snapshot.id}\`, built ${snapshot.builtAt}${snapshot.dataTo === null ? '' : `, data to ${snapshot.dataTo}`} |

## What you must know
* Every row is about one person, event or place. **No small number is hidden here.** That is why the extract is for a named person. Before a count, table or chart made from it goes to anyone else, hide small numbers by the partnership's rule.
* Names are left out; people can still be recognised by what is told of them. Do not try to find out who somebody is. Where your work needs to know, the partnership answers it: \`headwater reidentify\`, with a ground, under an agreement that gives names.
* Keep it on an encrypted disk. Delete it when the purpose is met, and at the latest when the agreement says.

## Pseudonyms
\`person_id\`, \`event_id\`, \`place_id\` and \`household_id\` were made for this purpose. The same person has another pseudonym in an extract for another purpose, and none of them is the one that Headwater's own pages use. Two extracts for this
purpose, also later ones, have the same pseudonyms, unless records were linked in another way since. Rows stand in the order of their pseudonyms, which is no order at all.
What an event says of itself (its time to the minute, its kind, its place) is the same in every extract, so content can still show that two rows are one event: pseudonyms do not prevent that. Do not join this to data for another purpose.

## Files
${tables.map(({ name, rows, columns }) => `* \`${name}.csv\`, \`${name}.parquet\`: ${number(rows)} ${rows === 1 ? 'row' : 'rows'}: ${columns.map((column) => `\`${column}\``).join(', ')}`).join('\n')}

\`manifest.json\` has the hash of each. A birth is a year; a place at an address is the centre of its 100 m square; an outcome's words are there where ten or more events of the feed share them. In the CSV, a cell that a spreadsheet would run as a formula has an apostrophe before it. A column that a feed may not fill is empty in that feed's rows.
There is no score of a person and no count of adverse experiences: Headwater keeps none.

## What the clauses give
${fields.map(({ title, feed, holder, fields: names }) => `* ${title} (\`${feed}\`, ${holder}): ${names.map((name) => `\`${name}\``).join(', ')}`).join('\n')}
`;
}
