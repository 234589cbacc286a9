// Draws the names that people are given: by generation, sex and heritage. Names are kept as numbers into one table.

import type { Random } from '../core/index.ts';
import type { NamesPack } from './simulation.pack.ts';

interface Weighted {
  items: number[];
  cumulative: Float64Array;
}

interface NameLists {
  forenames: { F: Weighted[]; M: Weighted[] };
  surnames: Weighted;
  composed?: Weighted;
}

export interface NameTable {
  text: string[];
  /** Heritages in the order of the simulation pack. */
  heritages: string[];
  forename(random: Random, heritage: number, sex: number, birthYear: number): number;
  surname(random: Random, heritage: number): number;
  /** The woman's or man's form of a Sikh or Polish surname; otherwise the name itself. */
  surnameFor(surname: number, sex: number): number;
  joined(first: number, second: number): number;
}

export const sexCode = (sex: number): 'F' | 'M' => (sex === 0 ? 'F' : 'M');

export function createNameTable(pack: NamesPack, heritages: string[]): NameTable {
  const text: string[] = [];
  const known = new Map<string, number>();
  const indexOf = (name: string): number => {
    let index = known.get(name);
    if (index === undefined) {
      index = text.push(name) - 1;
      known.set(name, index);
    }
    return index;
  };
  const weigh = (names: string[], { exponent, offset }: { exponent: number; offset: number }): Weighted => {
    let total = 0;
    return { items: names.map(indexOf), cumulative: Float64Array.from(names, (_, rank) => (total += 1 / (rank + offset) ** exponent)) };
  };
  const lists = new Map<string, NameLists>();
  for (const [name, list] of Object.entries(pack.lists)) {
    lists.set(name, {
      forenames: { F: list.F.map((names) => weigh(names, pack.forenameWeights)), M: list.M.map((names) => weigh(names, pack.forenameWeights)) },
      surnames: weigh(list.surnames, pack.surnameWeights),
    });
  }
  const composed = pack.composedStems.flatMap((stem) => pack.composedEndings.map((ending) => (stem.at(-1) === ending[0] ? stem + ending.slice(1) : stem + ending)));
  lists.get('british')!.composed = weigh([...new Set(composed)].filter((name) => !known.has(name)), { exponent: 0.2, offset: 20 });
  const choices = heritages.map((heritage) => {
    const entry = pack.heritages[heritage];
    if (!entry) throw new Error(`packs/names.yaml has no heritage called ${heritage}`);
    return entry.lists.map((name) => lists.get(name)!);
  });
  const draw = (random: Random, from: Weighted) => from.items[random.pickIndex(from.cumulative)]!;
  const generationOf = (year: number) => {
    let best = 0;
    pack.generations.forEach((middle, i) => {
      if (Math.abs(middle - year) < Math.abs(pack.generations[best]! - year)) best = i;
    });
    return best;
  };
  const singh = indexOf('Singh');
  const kaur = indexOf('Kaur');
  return {
    text,
    heritages,
    forename(random, heritage, sex, birthYear) {
      const generations = random.pick(choices[heritage]!).forenames[sexCode(sex)];
      return draw(random, generations.length === 1 ? generations[0]! : generations[generationOf(birthYear)]!);
    },
    surname(random, heritage) {
      const list = random.pick(choices[heritage]!);
      return draw(random, list.composed && random.chance(pack.composedShare) ? list.composed : list.surnames);
    },
    surnameFor(surname, sex) {
      if (surname === singh && sex === 0) return kaur;
      if (surname === kaur && sex === 1) return singh;
      const name = text[surname]!;
      return sex === 0 && name.endsWith('ski') ? indexOf(`${name.slice(0, -1)}a`) : sex === 1 && name.endsWith('ska') ? indexOf(`${name.slice(0, -1)}i`) : surname;
    },
    joined: (first, second) => indexOf(`${text[first]}-${text[second]}`),
  };
}
