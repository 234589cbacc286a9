import { expect, it } from 'vitest';
import { demandSentence } from './demand-sentence.ts';
import type { DemandShape } from './demand-tables.ts';
import type { QuestionContext } from './inquiry.ts';

const context = { categories: { demands: new Map([['anti-social-behaviour', 'Anti-social behaviour'], ['crime', 'Crime'], ['welfare', 'Welfare']]) } } as unknown as QuestionContext;
const sentence = (notCrimeShare: number, asb: number, welfare = 0) =>
  demandSentence(context, {
    tables: [{ rows: [{ code: 'crime', share: 1 - notCrimeShare }, { code: 'anti-social-behaviour', share: asb }, { code: 'welfare', share: welfare }, { code: 'all' }] }],
    figures: { events: 1000, notCrimeShare },
  } as unknown as DemandShape, 'incidents');

it('gives the share of the commonest type of demand that is not crime', () => {
  expect(sentence(0.3, 0.19, 0.11)).toBe('30 per cent of 1,000 incidents were not crime; anti-social behaviour was 19 per cent.');
});

it('says in words that it is nearly all of them, and not the same number twice', () => {
  expect(sentence(0.191, 0.19, 0.001)).toBe('19 per cent of 1,000 incidents were not crime, nearly all of them anti-social behaviour.');
  expect(sentence(0.19, 0.19)).toBe('19 per cent of 1,000 incidents were not crime, nearly all of them anti-social behaviour.');
});

it('does not say nearly all where small shares only round alike', () => {
  expect(sentence(0.009, 0.006, 0.003)).toBe('1 per cent of 1,000 incidents were not crime; the commonest of them was anti-social behaviour.');
});
