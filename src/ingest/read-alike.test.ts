// The fast way and the careful way read the same cells: whatever the query engine takes as clean, the careful copy takes too.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileIn, temporaryHome } from '../../test/support/ingest-home.ts';
import { createRandom } from '../core/index.ts';
import { openDuck } from '../store/index.ts';
import { scanLanding } from './scan-landing.ts';
import type { CsvSource } from './source-file.ts';
import { csvSourceSql } from './stage-rows.sql.ts';
import { writeStrictCopy } from './strict-copy.ts';

const headings = ['x', 'y', 'z'];
const pieces = ['a', 'b', '"', '"', '""', ',', ',', ',', '\n', '\n', ' ', 'é', '\\', "'", '#', '\t', '"a"', '"a,b"', '"a\nb"'];

describe('two ways of reading a CSV', () => {
  it('give the same cells for any text that both take', async () => {
    const home = temporaryHome();
    const random = createRandom(11, 'read alike');
    const duck = await openDuck();
    const columns = headings.map((heading) => ({ heading, keep: false }));
    let compared = 0;
    for (let round = 0; round < 1200; round += 1) {
      const cell = () => {
        const text = Array.from({ length: random.below(4) }, () => random.pick(pieces)).join('');
        return random.chance(0.3) ? `"${text.replaceAll('"', '""')}"` : text;
      };
      const lines = Array.from({ length: 1 + random.below(4) }, () => [cell(), cell(), cell()].join(','));
      const content = `${headings.join(',')}\n${lines.join('\n')}${random.chance(0.8) ? '\n' : ''}`;
      const path = fileIn(home, 'made.csv', random.chance(0.3) ? content.replaceAll('\n', '\r\n') : content);
      const source: CsvSource = { path, name: 'made.csv', bytes: content.length, gzip: false, bom: false, delimiter: ',', headings, matched: { columns, ignored: [], missing: [] } };
      const direct = await duck.rows<Record<string, string>>(`SELECT c0, c1, c2 FROM ${csvSourceSql(path, { delimiter: ',', columns, numbered: false, long: false, spaces: false })}`).catch(() => undefined);
      const scan = await scanLanding(source);
      if (!direct || direct.length + 1 !== scan.lines || scan.newline === 'mixed' || scan.oddQuotes) continue;
      compared += 1;
      const copy = join(home.dir, 'copy.csv');
      const counts = await writeStrictCopy(source, copy, () => undefined, async () => undefined);
      const careful = await duck.rows<Record<string, string>>(`SELECT c0, c1, c2 FROM ${csvSourceSql(copy, { delimiter: ',', columns, numbered: true, long: false, spaces: false })}`);
      const trimmed = (rows: Record<string, string>[]) => rows.map((row) => Object.values(row).map((value) => value.trim()));
      expect([counts.malformed, trimmed(careful)], JSON.stringify(content)).toEqual([0, trimmed(direct)]);
    }
    duck.close();
    expect(compared).toBeGreaterThan(60);
  });
});
