// How much more often do a forename and a surname meet in one person than chance says? Names come in groups by heritage and generation:
// Polish surnames go with Polish forenames. Taken for independent, two people of one common Polish name would look like one, and more so
// the smaller the group. A latent class model of forename and surname (Goodman 1974; Hofmann 1999), fitted by expectation–maximisation.
// Limits: groups are statistical, nameless and kept nowhere; rare names lean to the whole population's mix, so that they are not over-fitted.

import type { Random } from '../core/index.ts';

export interface NamePairs {
  /** For each distinct full name: the number of its forename, of its surname, and how many people bear it. */
  forename: Int32Array;
  surname: Int32Array;
  people: Float64Array;
  forenames: number;
  surnames: number;
}

export interface NameGroups {
  groups: number;
  share: Float64Array;
  /** P(group | forename) at forename * groups + group; likewise for surnames. */
  byForename: Float64Array;
  bySurname: Float64Array;
}

/** People's worth of the whole population's mix that each name starts with. */
const lean = 5;
const rounds = 40;

/** Fits the groups. Deterministic for one generator. */
export function fitNameGroups(random: Random, names: NamePairs, groups = 8): NameGroups {
  const share = new Float64Array(groups).fill(1 / groups);
  const byForename = new Float64Array(names.forenames * groups).fill(1 / groups);
  const bySurname = new Float64Array(names.surnames * groups);
  for (let s = 0; s < names.surnames; s += 1) {
    let sum = 0;
    for (let g = 0; g < groups; g += 1) sum += bySurname[s * groups + g] = 0.5 + random.next();
    for (let g = 0; g < groups; g += 1) bySurname[s * groups + g]! /= sum;
  }
  const part = new Float64Array(groups);
  for (let round = 0; round < rounds; round += 1) {
    const nextShare = new Float64Array(groups);
    const nextForename = new Float64Array(byForename.length);
    const nextSurname = new Float64Array(bySurname.length);
    for (let i = 0; i < names.people.length; i += 1) {
      const f = names.forename[i]! * groups;
      const s = names.surname[i]! * groups;
      let sum = 0;
      for (let g = 0; g < groups; g += 1) sum += part[g] = (byForename[f + g]! * bySurname[s + g]!) / share[g]!;
      const scale = names.people[i]! / sum;
      for (let g = 0; g < groups; g += 1) {
        const weight = part[g]! * scale;
        nextShare[g]! += weight;
        nextForename[f + g]! += weight;
        nextSurname[s + g]! += weight;
      }
    }
    const all = nextShare.reduce((sum, value) => sum + value, 0);
    for (let g = 0; g < groups; g += 1) share[g] = Math.max(nextShare[g]! / Math.max(all, 1e-300), 1e-6);
    settle(byForename, nextForename, share);
    settle(bySurname, nextSurname, share);
  }
  return { groups, share, byForename, bySurname };
}

/** P(group | name) from its weights, with the population's mix worth `lean` people. */
function settle(target: Float64Array, weights: Float64Array, share: Float64Array): void {
  const groups = share.length;
  for (let n = 0; n < target.length; n += groups) {
    let sum = lean;
    for (let g = 0; g < groups; g += 1) sum += weights[n + g]!;
    for (let g = 0; g < groups; g += 1) target[n + g] = (weights[n + g]! + lean * share[g]!) / sum;
  }
}

/**
 * log2 of how many times as often the two names meet in one person as independence says; 0 is independent.
 * @example nameDependence(groups, kamil, kaminski) // about 4 where one person in twenty has Polish names
 */
export function nameDependence(fit: NameGroups, forename: number, surname: number): number {
  let ratio = 0;
  for (let g = 0; g < fit.groups; g += 1) ratio += (fit.byForename[forename * fit.groups + g]! * fit.bySurname[surname * fit.groups + g]!) / fit.share[g]!;
  return Math.log2(ratio);
}
