// How long loading a file takes beside what it cannot be faster than: the query engine reading the same CSV and writing it to Parquet.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom, systemClock } from '../src/core/index.ts';
import { ingestFiles } from '../src/ingest/index.ts';
import { homeAt, openDuck, text } from '../src/store/index.ts';
import { median, seconds, type Benchmark, type Measure } from './benchmark.ts';

const runs = 5;
const real = resolve(import.meta.dirname, '../../shared/data/police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz');

export const benchmark: Benchmark = {
  name: 'ingest',
  about: `load one file of street crime, median of ${runs}, beside plain read_csv to Parquet of the same file`,
  run: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
    try {
      const plain = join(dir, 'street.csv');
      const zipped = existsSync(real) ? real : undefined;
      writeFileSync(plain, zipped ? gunzipSync(readFileSync(zipped)) : madeStreetFile(180_000));
      const measures = [await compare(dir, 'plain CSV, 180,000 rows', plain)];
      if (zipped) measures.push(await compare(dir, 'gzip, the same rows', zipped));
      return measures;
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

/** Alternates the two, so that both meet the same machine. */
async function compare(dir: string, what: string, file: string): Promise<Measure> {
  const ours: number[] = [];
  const peer: number[] = [];
  const duck = await openDuck({ memoryLimit: '2GB', threads: 2 });
  for (let run = 0; run < runs; run += 1) {
    const home = homeAt(join(dir, `home-${run}`), { partnership: 'Bench', simulated: true, memoryLimit: '2GB', threads: 2 });
    ours.push(await seconds(() => ingestFiles(home, 'police-uk-street', [file], { clock: systemClock })));
    peer.push(await seconds(() => duck.run(`COPY (SELECT * FROM read_csv(${text(file)})) TO ${text(join(dir, 'plain.parquet'))} (FORMAT parquet)`)));
    rmSync(home.dir, { recursive: true, force: true });
  }
  duck.close();
  return { what, value: median(ours), unit: 's', peer: { name: 'read_csv to Parquet', value: median(peer) }, limit: 2.5 };
}

/** The published shape with made-up content, where the real file is not at hand. */
function madeStreetFile(rows: number): string {
  const random = createRandom(1, 'bench street');
  const kinds = ['Burglary', 'Robbery', 'Shoplifting', 'Violence and sexual offences', 'Vehicle crime'];
  const hex = () => Array.from({ length: 8 }, () => random.below(2 ** 32).toString(16).padStart(8, '0')).join('');
  const lines = ['Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context'];
  for (let i = 0; i < rows; i += 1) {
    const month = `2024-${String(1 + random.below(12)).padStart(2, '0')}`;
    const place = `${(-0.5 + random.next() / 10).toFixed(6)},${(51.9 + random.next() / 10).toFixed(6)},On or near Street ${random.below(4000)},E0101${String(random.below(1000)).padStart(4, '0')},Fen ${random.below(400)}`;
    lines.push(`${hex()},${month},Fen Police,Fen Police,${place},${random.pick(kinds)},Under investigation,`);
  }
  return `${lines.join('\r\n')}\r\n`;
}
