// The noise of numbers of people, households and addresses. How many of them have how many events is no sum over events, so it has the noise of the
// events chosen: that of each feed and category, in each area named, until the end of the period less that before it. Leaving one of these out
// changes a figure by what it holds and always the same noise, as for counts of events (see noisy-count.ts).

import { addNoise, noiseOf, noNoise, type DisclosureRule, type Noise } from '../govern/index.ts';
import { periodNoise, type Counted, type Keyed } from './noisy-count.ts';
import type { UnitsRow } from './repeat-demand.sql.ts';

/** A figure's noise by its name, such as "band 2". */
export type NoiseByName = (name: string) => Noise;

/** @param blocks codes of the areas named; one empty where none is */
export function repeatNoise(rule: DisclosureRule, chosen: readonly Keyed[], blocks: readonly string[]): NoiseByName {
  if (!rule.perturbation) return () => noNoise;
  const shifts = blocks.map(numberOf);
  return (name) => {
    const salt = numberOf(name);
    return addNoise(chosen.flatMap((item) => shifts.map((shift) => periodNoise(rule, { ...item, key: item.key + shift, before_key: item.before_key + shift }, salt))));
  };
}

/** All units that could have had an event. */
export function atRiskOf(rule: DisclosureRule, rows: readonly UnitsRow[]): Counted {
  const most = rule.perturbation?.most ?? 0;
  return { count: rows.reduce((sum, { units }) => sum + units, 0), noise: addNoise(rows.map(({ units, key }) => ({ value: noiseOf(rule, units, key), most }))) };
}

/** A number of a name, to shift keys that are secret themselves (FNV-1a). */
function numberOf(name: string): number {
  let h = 0x811c_9dc5;
  for (let i = 0; i < name.length; i += 1) h = Math.imul(h ^ name.charCodeAt(i), 0x0100_0193);
  return h >>> 0;
}
