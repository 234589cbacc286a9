// How long does the server take over each Understand page, signed in, with filters that people choose? Whole requests through the web
// server, without a network: reading, protecting, drawing. Areas, agencies and categories come from the home's own data.

import { createRandom, systemClock } from '../src/core/index.ts';
import { openLake, type Home } from '../src/store/index.ts';
import { createQuestions } from '../src/understand/index.ts';
import { understandRoutes } from '../src/web/understand/understand.routes.ts';
import { openTestServer, signedInAs } from '../test/support/web-server.ts';
import { percentile, seconds, type Measure } from './benchmark.ts';

const pages: Record<string, string[]> = {
  demand: ['', 'measure=hours', 'measure=harm'],
  'repeat-demand': ['', 'by=person', 'by=household'],
  places: ['', 'layer=police-incident&layer=ambulance-call', 'by=hexagon'],
  'data-quality': [''],
};
const askings = 40;

/** The first page with no filter is asked once before, so that the library code is compiled; every answer is made anew. */
export async function measurePages(home: Home, limit: number): Promise<Measure[]> {
  const lake = await openLake(home);
  const server = await openTestServer({ questions: createQuestions({ clock: systemClock }), lake: () => lake }, [understandRoutes]);
  try {
    const { cookie } = await signedInAs(server, 'analyst');
    const filters = await chooseFilters(lake);
    const measures: Measure[] = [];
    for (const [page, options] of Object.entries(pages)) {
      const times: number[] = [];
      await server.app.inject({ url: `/understand/${page}`, headers: { cookie } });
      for (const option of options) {
        for (const filter of filters) {
          const url = `/understand/${page}?${[option, filter].filter(Boolean).join('&')}`;
          times.push((await seconds(async () => {
            const { statusCode } = await server.app.inject({ url, headers: { cookie } });
            if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
          })) * 1000);
          if (process.env.BENCH_DETAIL && times.at(-1)! > limit) console.error(url, times.at(-1)!.toFixed(0));
        }
      }
      measures.push({ what: `page ${page}, p50 of ${times.length}`, value: percentile(times, 0.5), unit: 'ms' }, { what: `page ${page}, p95`, value: percentile(times, 0.95), unit: 'ms', limit });
    }
    return measures;
  } finally {
    await server.app.close();
    lake.close();
  }
}

async function chooseFilters(lake: Awaited<ReturnType<typeof openLake>>): Promise<string[]> {
  const random = createRandom(11, 'pages');
  const values = async (sql: string) => (await lake.rows<{ value: string }>(sql)).map(({ value }) => value);
  const areas = await values('SELECT DISTINCT area_code AS value FROM area WHERE area_code IS NOT NULL ORDER BY 1');
  const agencies = await values('SELECT DISTINCT agency AS value FROM event ORDER BY 1');
  const categories = await values('SELECT category AS value FROM event WHERE category IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 12');
  const months = await values(`SELECT DISTINCT strftime(month, '%Y-%m') AS value FROM event WHERE month IS NOT NULL ORDER BY 1`);
  return Array.from({ length: askings }, (_, index) => {
    if (index === 0) return '';
    const parts: string[] = [];
    if (random.chance(0.35)) parts.push(`agency=${random.pick(agencies)}`);
    if (random.chance(0.3)) parts.push(`category=${random.pick(categories)}`);
    if (random.chance(0.5)) parts.push(`area=${random.pick(areas)}`);
    if (random.chance(0.5)) {
      const from = random.below(months.length);
      parts.push(`from=${months[from]}`, `to=${months[Math.min(months.length - 1, from + 1 + random.below(24))]}`);
    }
    return parts.join('&');
  });
}
