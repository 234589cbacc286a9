import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { setBlocksSql, purposePseudonymSql } from './purpose-pseudonym.sql.ts';
import { pseudonymBlocks, purposeKey, purposePseudonym } from './purpose-pseudonym.ts';

const homeKey = '0b'.repeat(32);

it('the key of a purpose is HKDF of the home\'s key, as RFC 5869 has it', () => {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(Buffer.from(homeKey, 'hex')).digest();
  const expanded = createHmac('sha256', extracted).update('headwater pseudonyms for evaluation').update(Buffer.from([1])).digest();
  expect(purposeKey(homeKey, 'evaluation')).toEqual(expanded);
});

it('the query engine gives the same pseudonyms as the program', async () => {
  const key = purposeKey(homeKey, 'early-help');
  const duck = await openDuck({ threads: 1 });
  try {
    const blocks = pseudonymBlocks(key);
    await duck.run(setBlocksSql[0], { inner: blocks.inner });
    await duck.run(setBlocksSql[1], { outer: blocks.outer });
    const ids = ['P0123456789abcdef', '', 'police:é “quoted” \u0000?', 'x'.repeat(500)];
    const rows = await duck.rows<{ pseudonym: string }>(`SELECT ${purposePseudonymSql('id', 'person')} AS pseudonym FROM (SELECT unnest([$a, $b, $c, $d]) AS id)`, { a: ids[0]!, b: ids[1]!, c: ids[2]!, d: ids[3]! });
    expect(rows.map(({ pseudonym }) => pseudonym)).toEqual(ids.map((id) => purposePseudonym(key, 'person', id)));
    expect(await duck.one(`SELECT ${purposePseudonymSql('NULL::VARCHAR', 'person')} AS pseudonym`)).toEqual({ pseudonym: null });
  } finally {
    duck.close();
  }
});

it('two purposes, two kinds and two homes have no pseudonym in common', () => {
  const keys = [purposeKey(homeKey, 'evaluation'), purposeKey(homeKey, 'early-help'), purposeKey('0c'.repeat(32), 'evaluation')];
  const made = keys.flatMap((key) => (['person', 'event', 'place', 'household'] as const).flatMap((kind) => Array.from({ length: 500 }, (_, n) => purposePseudonym(key, kind, `P${n}`))));
  expect(new Set(made).size).toBe(made.length);
});
