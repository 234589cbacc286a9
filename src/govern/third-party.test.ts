import { describe, expect, it } from 'vitest';
import { openOtherFinder, type KnownOther } from './third-party.ts';

const own = { forename: ['Ada', 'ADA'], surname: ['Quill'], phone: ['07700 900111'], email: ['ada@example.org'], postcode: ['FM1 1AA'], address: ['3 Mill Lane, Northgate'] };
const others: KnownOther[] = [
  { personKey: 'P1', values: { forename: ['Benedict'], surname: ['Quill'], phone: ['07700900222'], nhs_number: ['9990000018'], address: ['9 Orchard Way, Northgate'], postcode: ['FM1 1AA'] } },
  { personKey: 'P2', values: { forename: ['Siân', 'Jo'], middle_names: ['Mary-Rose'], surname: ["O'Thistlewood"], local_id: ['N0012345'], email: ['sian@example.org'] } },
];
const foundIn = (text: string, words: string[] = []) => openOtherFinder({ own, others }, words).find(text).map(({ start, end }) => text.slice(start, end));

describe('what tells of somebody else in a text', () => {
  it.each<[string, string[]]>([
    ['Benedict Quill was there', ['Benedict Quill']],
    ['BENEDICT hit Ada', ['BENEDICT']],
    ["Benedict's coat", ['Benedict']],
    ['seen by benedict quill and sian', ['benedict quill', 'sian']],
    ['Bendict and Benedcit and Benedikt', ['Bendict', 'Benedcit', 'Benedikt']],
    ['Siân O’Thistlewood; Sian OThistlewood', ['Siân O’Thistlewood', 'Sian OThistlewood']],
    ['Mary and Rose', ['Mary', 'Rose']],
    ['Jo said so', ['Jo']],
    ['Jobs and joy', []],
    ['Ada Quill of 3 Mill Lane, Northgate, FM1 1AA', []],
    ['Ring 07700 900 222 or 07700 900111', ['07700 900 222']],
    ['Ring +44 7700 900333', ['+44 7700 900333']],
    ['FP-20260810-0001 and 2026-0260810-0001, not 0012345678', ['0012345678']],
    ['NHS 999 000 0018', ['999 000 0018']],
    ['Lives at 9, Orchard Way Northgate', ['9, Orchard Way Northgate']],
    ['ref n0012345', ['n0012345']],
    ['sian@example.org, ada@example.org, x.y@example.net', ['sian@example.org', 'x.y@example.net']],
    ['Mr Quill and Mrs Patel-Jones came', ['Mr Quill', 'Mrs Patel-Jones']],
  ])('in "%s" is %j', (text, found) => {
    expect(foundIn(text)).toEqual(found);
  });

  it('is what somebody added, too, however it is written', () => {
    expect(foundIn('The man from the red house. RED-HOUSE man', ['red house'])).toEqual(['red house', 'RED-HOUSE']);
    expect(foundIn('a+b (c) a.b', ['a+b'])).toEqual(['a+b', 'a.b']);
  });

  it.each<[string, string, string[]]>([
    ['Zoe', 'Zoë and ZOË, Zoe\u0308 and zoe, not Zoes', ['Zoë', 'ZOË', 'Zoe\u0308', 'zoe']],
    ['Zoë', 'Zoe came', ['Zoe']],
    ['OHara', 'with O’Hara and O\'Hara', ['O’Hara', "O'Hara"]],
    ['Annlouise', 'Ann-Louise', ['Ann-Louise']],
    ['Renée O’Hara', 'Ünder 1 roof: RENEE OHARA', ['RENEE OHARA']],
  ])('is the word "%s" in "%s"', (word, text, found) => {
    expect(foundIn(text, [word])).toEqual(found);
  });

  it('is found once where two ways lead to it', () => {
    expect(foundIn('Mr Benedict Quill, 07700900222')).toEqual(['Mr Benedict Quill', '07700900222']);
  });
});
