import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it('says one of a thing and several of it, with thousands set apart', () => {
  expect([counted(0, 'row'), counted(1, 'row'), counted(1200, 'row'), counted(1, 'Party', 'Parties'), counted(2, 'Party', 'Parties')]).toEqual(['0 rows', '1 row', '1,200 rows', '1 Party', '2 Parties']);
});
