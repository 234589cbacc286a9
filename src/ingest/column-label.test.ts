import { describe, expect, it } from 'vitest';
import { labelOf, labelWithin } from './column-label.ts';

describe('labels of columns', () => {
  it('are words, with initials spelt as initials', () => {
    expect(['date_of_birth', 'lsoa21_code', 'upn', 'nhs_number', 'Crime ID', 'ASSAULT DATE AND TIME', 'percentage_fsm'].map(labelOf)).toEqual([
      'Date of birth', 'LSOA21 code', 'UPN', 'NHS number', 'Crime ID', 'Assault date and time', 'Percentage FSM',
    ]);
  });

  it('begin with a small letter within a sentence, unless they are initials', () => {
    expect([{ name: 'opening_code' }, { name: 'urn' }, { name: 'x', label: 'Crime type' }].map(labelWithin)).toEqual(['opening code', 'URN', 'crime type']);
  });
});
