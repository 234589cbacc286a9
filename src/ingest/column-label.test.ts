import { describe, expect, it } from 'vitest';
import { labelOf } from './quality.sql.ts';

describe('labels of columns', () => {
  it('are words, with initials spelt as initials', () => {
    expect(['date_of_birth', 'lsoa21_code', 'upn', 'nhs_number', 'Crime ID', 'ASSAULT DATE AND TIME', 'percentage_fsm'].map(labelOf)).toEqual([
      'Date of birth', 'LSOA21 code', 'UPN', 'NHS number', 'Crime ID', 'Assault date and time', 'Percentage FSM',
    ]);
  });
});
