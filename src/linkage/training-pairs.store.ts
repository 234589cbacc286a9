// On which pairs is the model trained? Pairs drawn at random, pairs that people settled as one person, and pairs that agree on the keys of
// each session's rule and of the relatives'. All are compared in one statement: each record's values are looked up once, and the threads share
// the work, however few pairs a single sample has.

import { createRandom } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import { sampleRules } from './blocking.store.ts';
import { comparePairsSql, type PatternPlace } from './compare-pairs.sql.ts';
import { countedPatterns } from './compare-pairs.store.ts';
import type { PatternCounts } from './expectation-maximisation.ts';
import { namingComparisons } from './failing-condition.store.ts';
import type { DecidedPairs } from './link-decision-numbers.store.ts';
import type { BlockingRule, LinkageSettings, RelativesRule, TrainingRule } from './linkage-settings.ts';
import type { PreparedRecords } from './prepare-records.store.ts';
import { appendNumbers } from './typed-columns.store.ts';

interface RuleSample<Rule> {
  rule: Rule;
  /** Pairs that were taken, and that the rule gives in all. */
  taken: number;
  all: number;
}

/** The pairs of `linkage_training`. */
export interface DrawnPairs {
  pairs: number;
  sessions: RuleSample<TrainingRule>[];
  relatives?: RuleSample<RelativesRule>;
}

/** How often each pattern stands in each sample. */
export interface TrainingCounts {
  random: PatternCounts;
  settled: PatternCounts;
  sessions: (RuleSample<TrainingRule> & { counts: PatternCounts })[];
  relatives?: RuleSample<RelativesRule> & { counts: PatternCounts };
}

/** The numbers of the samples; the rules follow from `firstRule` on, the relatives' last. */
const [random, settled, firstRule] = [0, 1, 2];

const usable = (rule: BlockingRule, prepared: PreparedRecords) => rule.needs.every((column) => !prepared.empty.has(column));

/** All pairs of so many records, or the given number of pairs drawn with the seed. */
function randomPairs(records: number, { samplePairs, seed }: LinkageSettings): { l: Int32Array; r: Int32Array } {
  const all = (records * (records - 1)) / 2;
  const [l, r] = [new Int32Array(Math.min(all, samplePairs)), new Int32Array(Math.min(all, samplePairs))];
  if (all <= samplePairs) {
    let place = 0;
    for (let a = 0; a < records; a += 1) {
      for (let b = a + 1; b < records; b += 1) {
        l[place] = a;
        r[place] = b;
        place += 1;
      }
    }
    return { l, r };
  }
  const draw = createRandom(seed, 'linkage pairs');
  for (let i = 0; i < l.length; i += 1) {
    const a = draw.below(records);
    const b = (a + 1 + draw.below(records - 1)) % records;
    l[i] = Math.min(a, b);
    r[i] = Math.max(a, b);
  }
  return { l, r };
}

/** Makes `linkage_training` (sample, l, r) of the prepared records. */
export async function drawTrainingPairs(duck: Duck, prepared: PreparedRecords, settings: LinkageSettings, { same }: Pick<DecidedPairs, 'same'>): Promise<DrawnPairs> {
  await duck.run('CREATE OR REPLACE TEMP TABLE linkage_training (sample INTEGER, l INTEGER, r INTEGER)');
  let pairs = 0;
  const add = async (sample: number, { l, r }: { l: Int32Array; r: Int32Array }) => {
    await appendNumbers(duck, 'linkage_training', [new Int32Array(l.length).fill(sample), l, r]);
    pairs += l.length;
  };
  await add(random, randomPairs(prepared.records, settings));
  await add(settled, { l: Int32Array.from(same, ([l]) => l), r: Int32Array.from(same, ([, r]) => r) });
  const training = settings.training.filter((rule) => usable(rule, prepared));
  const relatives = settings.relatives && usable(settings.relatives, prepared) ? [settings.relatives] : [];
  const sizes: { taken: number; all: number }[] = [];
  for await (const { index, all, ...sampled } of sampleRules(duck, [...training, ...relatives], prepared.records, settings)) {
    await add(firstRule + index, sampled);
    sizes.push({ taken: sampled.l.length, all });
  }
  const sessions = training.map((rule, index) => ({ rule, ...sizes[index]! }));
  return { pairs, sessions, ...(relatives[0] ? { relatives: { rule: relatives[0], ...sizes.at(-1)! } } : {}) };
}

/** Compares the pairs of `linkage_training`, and drops it. */
export async function countTrainingPairs(duck: Duck, places: PatternPlace[], { sessions, relatives }: DrawnPairs): Promise<TrainingCounts> {
  const compared = comparePairsSql({ pairs: 'linkage_training', left: 'linkage_record', right: 'linkage_record', carried: ['sample'] }, places);
  const rows = await namingComparisons({ duck, comparisons: places.map(({ comparison }) => comparison), pairs: 'linkage_training', stage: 'stage "train"' }, () =>
    duck.rows<{ sample: number; pattern: number; n: number }>(`SELECT sample, pattern, count(*) AS n FROM (${compared}) GROUP BY ALL ORDER BY ALL`));
  await duck.run('DROP TABLE linkage_training');
  const counts = (sample: number) => countedPatterns(places, rows.filter((row) => row.sample === sample)).counts;
  return {
    random: counts(random),
    settled: counts(settled),
    sessions: sessions.map((session, index) => ({ ...session, counts: counts(firstRule + index) })),
    ...(relatives ? { relatives: { ...relatives, counts: counts(firstRule + sessions.length) } } : {}),
  };
}
