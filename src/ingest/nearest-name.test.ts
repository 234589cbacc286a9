import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames } from './nearest-name.ts';

describe('nearest names', () => {
  it('counts edits, a swap of neighbours as one', () => {
    expect([editDistance('kitten', 'sitting'), editDistance('ab', 'ba'), editDistance('', 'abc'), editDistance('same', 'same')]).toEqual([3, 1, 3, 0]);
  });

  it('are alike but for case and marks, nearest first, and few', () => {
    expect(nearestNames('police_incidents', ['police-incident', 'police-involvement', 'tenancy'])).toEqual(['police-incident']);
    expect(nearestNames('Long', ['longitude', 'latitude'])).toEqual(['longitude']);
    expect(nearestNames('zzz', ['longitude', 'latitude'])).toEqual([]);
  });
});
