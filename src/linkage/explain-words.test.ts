import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markDifferences, markOf } from './explain-difference.ts';
import { chanceWords, explainParts, levelWords, strengthOf } from './explain-words.ts';

const surname = { label: 'Surname', level: 'Same surname', bits: 12, rarity: 3 };

describe('the words of a weight', () => {
  it('say direction and strength', () => {
    expect([12, 6, 3, 1, 0.2, -0.3, -1, -2, -5, -10].map(strengthOf)).toEqual([
      'very strongly for', 'strongly for', 'clearly for', 'slightly for', 'neither for nor against', 'neither for nor against', 'slightly against', 'clearly against', 'strongly against', 'very strongly against',
    ]);
  });

  it('say whether the very value is rare or common', () => {
    expect(levelWords(surname)).toBe('Same surname, which is rare here');
    expect(levelWords({ ...surname, rarity: -4 })).toBe('Same surname, which is common here');
    expect(levelWords({ ...surname, rarity: 0.5 })).toBe('Same surname');
    expect(levelWords({ ...surname, level: null })).toBe('Surname: not counted');
  });

  it('begin with the prior, then the strongest, and end with what is missing', () => {
    const parts = explainParts({ prior: -17, names: -3, relatives: -1, conflict: null, comparisons: [{ label: 'Sex', level: 'Same sex', bits: 1, rarity: null }, surname, { label: 'Telephone', level: null, bits: 0, rarity: null }] });
    expect(parts.map(({ words }) => words)).toEqual([
      'Two records taken at random are hardly ever one person', 'Same surname, which is rare here', 'This forename and surname often go together', 'Same sex',
      'What agrees would also agree between relatives in one home', 'Telephone: not counted',
    ]);
    expect(parts.at(-1)!.strength).toBe('says nothing');
    const silent = { prior: -17, names: 0, relatives: 0, conflict: null, comparisons: [{ label: 'Telephone', level: null, bits: 0, rarity: null }] };
    expect(explainParts(silent, (label) => `${label}: neither record gives it`).at(-1)!.words).toBe('Telephone: neither record gives it');
  });

  it('say a probability as people do', () => {
    expect([0.5, 0.97, 0.998, 0.99999, 0.004, 0.00001].map(chanceWords)).toEqual(['50 in 100', '97 in 100', '998 in 1,000', 'more than 999 in 1,000', '4 in 1,000', 'less than 1 in 1,000']);
  });
});

describe('the marks of a difference', () => {
  it('say in a word how two values stand to each other', () => {
    expect(markOf(null, null)).toBe('Not recorded');
    expect(markOf('Ann', null)).toBe('Recorded once');
    expect(markOf('Ann', 'Ann')).toBe('Same');
    expect(markOf('Núñez', 'NUNEZ')).toBe('Written differently');
    expect(markOf('Ann', 'Anne')).toBe('Different');
  });

  it('mark the letters of a slip, and nothing where all is different', () => {
    expect(markDifferences('Smith', 'Smyth')).toEqual([
      [{ text: 'Sm', differs: false }, { text: 'i', differs: true }, { text: 'th', differs: false }],
      [{ text: 'Sm', differs: false }, { text: 'y', differs: true }, { text: 'th', differs: false }],
    ]);
    expect(markDifferences('Ravensdale', 'Okonkwo').flat().every(({ differs }) => !differs)).toBe(true);
  });

  it('leave every character of both values where it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }), (left, right) => {
      const [a, b] = markDifferences(left, right);
      expect(a.map(({ text }) => text).join('')).toBe(left);
      expect(b.map(({ text }) => text).join('')).toBe(right);
    }));
  });
});
