import { expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { equalKeys, ruleSizeSql } from './splink-pairs.sql.ts';

it('equalKeys reads equalities of the two records and nothing else', () => {
  expect(equalKeys('l.surname = r.surname AND substr(r.dob, 1, 4) = substr(l.dob, 1, 4)')).toEqual([{ left: 'surname', right: 'surname' }, { left: 'substr(dob, 1, 4)', right: 'substr(dob, 1, 4)' }]);
  expect(equalKeys('l.forename = r.surname and (r.forename = l.surname)')).toEqual([{ left: 'forename', right: 'surname' }, { left: 'surname', right: 'forename' }]);
  expect(equalKeys("l.a >= r.a AND l.b = 'x' AND l.c = l.d AND (l.e = r.e OR l.f = r.f)")).toEqual([]);
});

it('ruleSizeSql counts a rule whose two sides differ by its blocks, not by all pairs', async () => {
  const duck = await openDuck();
  // Two thousand people of their own names, of whom ten stand there a second time with their names the other way round.
  await duck.run(`CREATE TABLE splink_record AS SELECT 'f' || i AS forename, 's' || i AS surname FROM range(2000) t(i) UNION ALL SELECT 's' || i, 'f' || i FROM range(10) t(i) UNION ALL SELECT NULL, 's1'`);
  const sizeOf = (rule: string) => duck.one(ruleSizeSql(equalKeys(rule), []));
  expect(await sizeOf('l.forename = r.surname AND l.surname = r.forename')).toEqual({ pairs: 10, largest: 1 });
  expect(await sizeOf('l.surname = r.surname')).toEqual({ pairs: 1, largest: 2 });
  expect(await sizeOf('levenshtein(l.surname, r.surname) < 2')).toEqual({ pairs: (2011 * 2010) / 2, largest: 2011 });
  duck.close();
});
