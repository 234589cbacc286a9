// Does a record bear the reader's own name, or their own address? Compared at the moment of a read, and told as flags alone: neither name nor address
// is kept. It says no more than that somebody should look: many people share a name.

import type { AuditFlag } from '../store/index.ts';
import type { HeldRow, OwnPerson, RecordFeed } from './person-record.ts';

/** What a comparison needs of an address, and no more: "12 Mill Lane, Fenmarch FE1 2AB" → "12 FE12AB". Undefined where it has no number or no postcode. */
export function houseAndPostcode(address: string): string | undefined {
  const [number, code] = [numberOf(address), postcodeOf(address)];
  return number === undefined || code === undefined ? undefined : `${number} ${code.toUpperCase()}`;
}

const letters = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
const wordsOf = (text: string): string[] => letters(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const postcode = /\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b/i;
const postcodeOf = (text: string): string | undefined => postcode.exec(text)?.slice(1).join('').toLowerCase();
/** The number of the house or flat: the first in the line that is not of the postcode. */
const numberOf = (text: string): string | undefined => /\d+[a-z]?\b/i.exec(text.replace(postcode, ''))?.[0].toLowerCase();

const part = (row: HeldRow, feed: RecordFeed, what: string): string => feed.columns.flatMap(({ name, person }) => (person === what ? (row.values[name] ?? []) : [])).join(' ');

function bearsName(own: ReadonlySet<string>, row: HeldRow, feed: RecordFeed): boolean {
  const [surname, forename] = [wordsOf(part(row, feed, 'surname')), wordsOf(part(row, feed, 'forename'))];
  return surname.length > 0 && forename.length > 0 && surname.every((word) => own.has(word)) && own.has(forename[0]!);
}

function bearsAddress(own: string, row: HeldRow, feed: RecordFeed): boolean {
  const line = part(row, feed, 'address');
  const [lives, held] = [postcodeOf(own), postcodeOf(`${line} ${part(row, feed, 'postcode')}`)];
  const number = numberOf(own);
  return lives !== undefined && lives === held && number !== undefined && number === numberOf(line);
}

/** The flags for somebody who is shown a person of whom agencies hold these rows, whatever of them is shown. */
export function ownRecordFlags(own: OwnPerson, rows: readonly HeldRow[], feeds: readonly RecordFeed[]): AuditFlag[] {
  const feedOf = new Map(feeds.map((feed) => [feed.feed, feed]));
  const words = new Set(wordsOf(own.name));
  const some = (bears: (row: HeldRow, feed: RecordFeed) => boolean) => rows.some((row) => feedOf.has(row.feed) && bears(row, feedOf.get(row.feed)!));
  return [
    ...(words.size > 1 && some((row, feed) => bearsName(words, row, feed)) ? (['own-name'] as const) : []),
    ...(own.address !== undefined && some((row, feed) => bearsAddress(own.address!, row, feed)) ? (['own-address'] as const) : []),
  ];
}
