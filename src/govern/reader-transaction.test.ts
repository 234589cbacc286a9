import { expect, it } from 'vitest';
import { isAboutNothing, isRefusal, isRefusalOrTwice, isRowId, isTwice } from './index.ts';

it('knows what can be the id of a row', () => {
  expect(isRowId('0f8fad5b-d9cb-469f-a165-70867728950e')).toBe(true);
  for (const forged of ['', 'x', "' or 1=1", '0f8fad5b-d9cb-469f-a165-70867728950', '0F8FAD5B-D9CB-469F-A165-70867728950E', '0f8fad5b-d9cb-469f-a165-70867728950e\n', 'P00000000000000a1']) expect(isRowId(forged), forged).toBe(false);
});

it.each<[unknown, boolean[]]>([
  [{ code: '42501' }, [true, false, true, false]],
  [{ code: '23505' }, [false, true, true, false]],
  [{ code: '23503' }, [false, false, false, true]],
  [{ code: '23514' }, [false, false, false, false]],
  [new Error('42501'), [false, false, false, false]],
  [undefined, [false, false, false, false]],
])('tells from %o what the database did not keep', (error, told) => expect([isRefusal, isTwice, isRefusalOrTwice, isAboutNothing].map((is) => is(error))).toEqual(told));
