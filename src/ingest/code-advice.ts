// What to say of a word that is not in a code list: the list by its column's name, the nearest codes, and what is allowed.
// The reason that is kept with a row never holds the word, so that rows with the same mistake count together; the advice is made when it is read.

import { labelWithin } from './column-label.ts';
import type { ContractColumn } from './contract.schema.ts';
import { nearestNames } from './nearest-name.ts';

type CodedColumn = Pick<ContractColumn, 'name' | 'label' | 'type' | 'codes' | 'codeTitles' | 'separator'>;

/** As many codes are named; of a longer list, how many more there are. */
const mostNamed = 12;
const longestShown = 40;

export function codeReason(column: Pick<ContractColumn, 'name' | 'label'>): string {
  return `not one of the codes for ${labelWithin(column)}`;
}

/**
 * "'Malee' is not one of the codes for sex. Did you mean 'Male'? Allowed: Male, Female."
 * Undefined where the column has no codes or the value breaks none.
 */
export function adviseCode(column: CodedColumn, value: string): string | undefined {
  const { codes } = column;
  if (!codes || codes.length === 0) return undefined;
  const known = new Set(codes.map((code) => code.toLowerCase()));
  const words = column.type === 'list' ? value.split(column.separator).map((word) => word.trim()).filter((word) => word !== '') : [value];
  const wrong = [...new Set(words.filter((word) => !known.has(word.toLowerCase())))];
  if (wrong.length === 0) return undefined;
  const [first] = wrong;
  const near = wrong.length === 1 ? nearestCodes(column, first!) : [];
  const hint = near.length > 0 ? ` Did you mean ${near.map(quoted).join(' or ')}?` : '';
  const named = wrong.slice(0, 3).map(quoted).join(', ') + (wrong.length > 3 ? ` and ${wrong.length - 3} more` : '');
  return `${named} ${wrong.length === 1 ? 'is' : 'are'} not one of the codes for ${labelWithin(column)}.${hint} Allowed: ${allowedCodes(codes)}.`;
}

/** "a, b, c and 60 more". */
export function allowedCodes(codes: readonly string[]): string {
  const shown = codes.slice(0, codes.length > mostNamed + 1 ? mostNamed : codes.length).join(', ');
  return codes.length > mostNamed + 1 ? `${shown} and ${codes.length - mostNamed} more` : shown;
}

/** By few edits of the code or its title; else the one code that begins as the word does, as with M and Male. */
function nearestCodes({ codes = [], codeTitles = {} }: CodedColumn, word: string): string[] {
  const codeOf = new Map(codes.flatMap((code) => [[code, code], ...(codeTitles[code] === undefined ? [] : [[codeTitles[code], code]])] as [string, string][]));
  const near = [...new Set(nearestNames(word, [...codeOf.keys()]).map((name) => codeOf.get(name)!))];
  if (near.length > 0) return near;
  const folded = word.toLowerCase();
  const begins = codes.filter((code) => Math.min(code.length, word.length) <= 2 && (code.toLowerCase().startsWith(folded) || folded.startsWith(code.toLowerCase())));
  return begins.length === 1 ? begins : [];
}

const quoted = (word: string) => `'${word.length > longestShown ? `${word.slice(0, longestShown)}…` : word}'`;
