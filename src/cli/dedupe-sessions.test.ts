import { expect, it } from 'vitest';
import { sessionLines } from './dedupe.action.ts';

const session = { session: 'Date of birth', pairs: 5194, matches: 1571, iterations: 2, converged: true, used: true, trace: [{ iteration: 1, change: 0.2 }, { iteration: 2, change: 0.00002 }] };

it('says in words how each training session went, and nothing where none was held', () => {
  expect(sessionLines([
    session, { ...session, converged: false, trace: [{ iteration: 1, change: 0.2 }, { iteration: 2, change: 0.0213 }] }, { ...session, pairs: 12, matches: 3, used: false }, { ...session, pairs: 0, matches: 0, iterations: 0, used: false, trace: [] },
  ])).toEqual([
    'Training on "Date of birth": 5,194 pairs, some 1,571 of one person, converged in 2 rounds (last change under 0.0001).',
    'Training on "Date of birth": 5,194 pairs, some 1,571 of one person, did not converge in 2 rounds (last change 0.0213).',
    'Training on "Date of birth": 12 pairs, some 3 of one person, converged in 2 rounds (last change under 0.0001); not used, since so few say too little.',
    'Training on "Date of birth": no pairs.',
  ]);
  expect(sessionLines([])).toEqual([]);
  expect(sessionLines()).toEqual([]);
});
