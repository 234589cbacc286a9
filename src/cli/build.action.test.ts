import { expect, it } from 'vitest';
import type { Manifest } from '../store/index.ts';
import { linkageLine, linkageNotes } from './build.action.ts';

const line = (linkage: object): string => linkageLine({ linkage } as unknown as Manifest);

it('says how many people the records are, and how well that is known where the truth is', () => {
  expect(line({ records: 1200, people: 400 })).toBe('1,200 records are 400 people');
  expect(line({ records: 1200, people: 400, pairs: { f1: 0.9812, precision: 0.99, recall: 0.9725 } })).toBe('1,200 records are 400 people (pairs F1 0.981, precision 0.990, recall 0.973 against the planted truth)');
});

it('says what linkage found amiss, and nothing where all is well', () => {
  const notes = (linkage: object) => linkageNotes({ linkage } as unknown as Manifest);
  expect(notes({ warnings: ['No session trained "Sex": it keeps its starting m'] })).toEqual(['Note on linkage: No session trained "Sex": it keeps its starting m.']);
  expect(notes({ warnings: [] })).toEqual([]);
  expect(notes({ warnings: [], thresholdWords: 'Records are linked from a probability of 0.9, as headwater.yaml says.' })).toEqual(['Records are linked from a probability of 0.9, as headwater.yaml says.']);
});

it('says that there was nothing to link where no feed names people', () => {
  expect(line({ records: 0, people: 0 })).toBe('No loaded feed names people, so there was nothing to link');
});
