// People and households as columns of numbers: who lives with whom, where, how adverse their experience has been and how well protected they are.
// Adverse childhood experiences follow a logistic model on a latent score shared within household and area; rates of later events rise with their
// number by the ratios in the pack, less where protective resources are strong, and times a gamma frailty (so that individuals are predicted badly).

import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import type { SimulationPack } from './simulation.pack.ts';

export const FOREVER = 2_000_000;

export const experiences = ['parental-conflict', 'domestic-abuse', 'substance-use', 'mental-health', 'parent-in-prison', 'neglect', 'physical-abuse', 'emotional-abuse', 'sexual-abuse', 'bereavement'] as const;
export const processes = ['victim', 'perpetrator', 'welfare', 'missing', 'caller', 'ambulance', 'absence', 'suspension', 'acquisitive', 'opiates'] as const;
export type Process = (typeof processes)[number];
export const householdKinds = ['older-single', 'older-couple', 'single', 'couple', 'couple-children', 'lone-parent', 'couple-adult-children', 'sharers', 'multi-generation', 'care-home', 'childrens-home', 'hostel'] as const;

export interface People {
  count: number;
  birth: Int32Array;
  /** 0 female, 1 male. */
  sex: Uint8Array;
  heritage: Uint8Array;
  household: Int32Array;
  /** The next member of the household, or -1. */
  next: Int32Array;
  forename: Int32Array;
  middle: Int32Array;
  surname: Int32Array;
  /** A maiden name, a step-parent's name or another name the person goes by. */
  otherSurname: Int32Array;
  from: Int32Array;
  until: Int32Array;
  experienceBits: Uint16Array;
  experienceCount: Uint8Array;
  adversity: Float32Array;
  protection: Float32Array;
  previousDwelling: Int32Array;
  movedOn: Int32Array;
  moves: Uint8Array;
  /** How likely each process is to draw the person, before age and place. */
  weight: Record<Process, Float32Array>;
  households: number;
  householdDwelling: Int32Array;
  householdFirst: Int32Array;
  householdKind: Uint8Array;
  householdAdversity: Float32Array;
  /** The household in each dwelling, or -1. */
  dwellingHousehold: Int32Array;
}

export function allocatePeople(capacity: number, households: number, dwellings: number): People {
  const int = () => new Int32Array(capacity);
  const weight = Object.fromEntries(processes.map((name) => [name, new Float32Array(capacity)])) as Record<Process, Float32Array>;
  return {
    count: 0, birth: int(), sex: new Uint8Array(capacity), heritage: new Uint8Array(capacity), household: int(), next: int().fill(-1), forename: int(), middle: int().fill(-1),
    surname: int(), otherSurname: int(), from: int(), until: int().fill(FOREVER), experienceBits: new Uint16Array(capacity), experienceCount: new Uint8Array(capacity),
    adversity: new Float32Array(capacity), protection: new Float32Array(capacity), previousDwelling: int().fill(-1), movedOn: int(), moves: new Uint8Array(capacity), weight,
    households: 0, householdDwelling: new Int32Array(households), householdFirst: new Int32Array(households).fill(-1), householdKind: new Uint8Array(households),
    householdAdversity: new Float32Array(households), dwellingHousehold: new Int32Array(dwellings).fill(-1),
  };
}

/** Members of a household, in order of entry last first. */
export function membersOf(people: People, household: number): number[] {
  const members: number[] = [];
  for (let p = people.householdFirst[household]!; p >= 0; p = people.next[p]!) members.push(p);
  return members;
}

export function dwellingOf(people: People, person: number): number {
  return people.householdDwelling[people.household[person]!]!;
}

export function joinHousehold(people: People, person: number, household: number): void {
  people.household[person] = household;
  people.next[person] = people.householdFirst[household]!;
  people.householdFirst[household] = person;
}

export function leaveHousehold(people: People, person: number): void {
  const household = people.household[person]!;
  let before = -1;
  for (let p = people.householdFirst[household]!; p >= 0; before = p, p = people.next[p]!) {
    if (p !== person) continue;
    if (before < 0) people.householdFirst[household] = people.next[p]!;
    else people.next[before] = people.next[p]!;
    people.next[p] = -1;
    return;
  }
}

/** Standard normal quantile (Acklam's rational approximation, error below 1.2e-9 of the value; here for ranks only). */
export function normalQuantile(p: number): number {
  if (p <= 0 || p >= 1) return p <= 0 ? -Infinity : Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  return -(t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t));
}

/** The intercept at which a logistic of intercept + slope × standard normal has the wanted mean. */
export function interceptFor(mean: number, slope: number): number {
  let low = -12;
  let high = 12;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    let sum = 0;
    let total = 0;
    for (let z = -5; z <= 5; z += 0.1) {
      const density = Math.exp((-z * z) / 2);
      sum += density / (1 + Math.exp(-(middle + slope * z)));
      total += density;
    }
    if (sum / total < mean) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Column of the ratio table for a number of experiences: none, one, two or three, four or more. */
export function experienceBand(count: number): number {
  return count === 0 ? 0 : count === 1 ? 1 : count < 4 ? 2 : 3;
}

const ratioOf: Record<Process, string | undefined> = {
  victim: 'victim', perpetrator: 'perpetrator', welfare: 'welfare', missing: 'victim', caller: undefined, ambulance: undefined, absence: 'absence', suspension: 'suspension', acquisitive: 'custody', opiates: 'opiates',
};

/** Gives people their adversity, protection, experiences and process weights. */
export function createTraits(seed: number, pack: SimulationPack): (people: People, person: number, areaDeprivation: number) => void {
  const random: Random = createRandom(seed, 'traits');
  const { adversity } = pack;
  const intercepts = experiences.map((name) => interceptFor(adversity.prevalence[name]!, adversity.loading));
  const shared = adversity.householdCorrelation - adversity.areaCorrelation;
  const frailty = processes.map((name) => adversity.frailty[name] ?? adversity.frailty['perpetrator']!);
  const ratios = processes.map((name) => adversity.ratios[ratioOf[name] ?? ''] ?? [1, 1, 1, 1]);
  return (people, person, areaDeprivation) => {
    const score = Math.sqrt(adversity.areaCorrelation) * normalQuantile(areaDeprivation) + Math.sqrt(shared) * people.householdAdversity[people.household[person]!]!
      + Math.sqrt(1 - adversity.householdCorrelation) * random.normal();
    people.adversity[person] = score;
    people.protection[person] = -0.35 * score + 0.94 * random.normal();
    let bits = 0;
    let count = 0;
    intercepts.forEach((intercept, i) => {
      if (!random.chance(1 / (1 + Math.exp(-(intercept + adversity.loading * score))))) return;
      bits |= 1 << i;
      count += 1;
    });
    people.experienceBits[person] = bits;
    people.experienceCount[person] = count;
    const strong = people.protection[person]! > 0.43;
    const band = experienceBand(count);
    processes.forEach((name, i) => {
      const ratio = ratios[i]![band]!;
      people.weight[name][person] = random.gamma(frailty[i]!, 1 / frailty[i]!) * (strong ? ratio ** adversity.protectedExponent : ratio);
    });
  };
}
