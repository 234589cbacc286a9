import { describe, expect, it } from 'vitest';
import { openDuck } from '../store/index.ts';
import { hashPair } from './engine-hash.ts';
import { hashSql } from './match-index.sql.ts';

describe('hashPair', () => {
  it('is the hash of the engine that stands in an index', async () => {
    const duck = await openDuck();
    try {
      const texts = Array.from({ length: 30 }, (_, i) => 'thistlewood, é Иван and others'.slice(0, i));
      for (const [i, text] of texts.entries()) {
        const theirs = await duck.one<Record<string, number>>(`SELECT ${hashSql('$i::INTEGER, $text::VARCHAR')} AS mixed, ${hashSql('$text::VARCHAR, $i::VARCHAR')} AS texts, ${hashSql('$i::INTEGER, 19610203 - $i::INTEGER')} AS numbers`, { i, text });
        const bytes = Buffer.from(text).toString('latin1');
        expect({ mixed: hashPair(i, bytes), texts: hashPair(bytes, String(i)), numbers: hashPair(i, 19610203 - i) }, text).toEqual(theirs);
      }
    } finally {
      duck.close();
    }
  });
});
