// npm exec node bench/simulate-figures.ts: simulates the sample county and writes its figures, beside the published ones, into docs/methods/simulated-partnership.md.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCounty, presentFigure, simulate } from '../src/simulate/index.ts';

const page = join(import.meta.dirname, '../docs/methods/simulated-partnership.md');
const dir = mkdtempSync(join(tmpdir(), 'headwater-figures-'));
try {
  await simulate({ out: dir });
  const rows = (await measureCounty(dir)).map(({ what, unit, value, published, source, format }) => `| ${what} | ${unit} | ${presentFigure(value, format)} | ${published} | ${source} |`);
  const table = ['| figure | unit | Fenmarch | published or designed | source |', '|---|---|---|---|---|', ...rows].join('\n');
  const [before, rest = ''] = readFileSync(page, 'utf8').split('<!-- figures -->\n');
  const after = rest.slice(rest.indexOf('<!-- end of figures -->'));
  writeFileSync(page, `${before}<!-- figures -->\n${table}\n${after}`);
  console.log(`${rows.length} figures written to docs/methods/simulated-partnership.md`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
