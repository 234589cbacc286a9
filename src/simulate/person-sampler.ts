// Draws people for events in proportion to each process's weight, age and sex, and where they live. Rebuilt each month as people come and go.

import type { Random } from '../core/index.ts';
import { ageOn } from './calendar.ts';
import type { County } from './county.ts';
import type { People, Process } from './people.ts';

/** Relative rate at ages 0, 5, 10 … 90 for women and men. */
const shapes: Record<Process, { F: number[]; M: number[] }> = {
  victim: { F: [0.1, 0.15, 0.7, 1.6, 1.9, 1.8, 1.6, 1.4, 1.2, 0.9, 0.7, 0.5, 0.35, 0.25, 0.2, 0.15, 0.15, 0.15, 0.15], M: [0.1, 0.15, 0.9, 1.9, 2.2, 1.9, 1.6, 1.3, 1.1, 0.9, 0.7, 0.5, 0.3, 0.2, 0.15, 0.1, 0.1, 0.1, 0.1] },
  perpetrator: { F: [0, 0, 0.25, 0.75, 0.7, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.1, 0.05, 0.03, 0.02, 0.02, 0.02, 0.01, 0.01], M: [0, 0, 0.7, 2.8, 3, 2.6, 2.1, 1.7, 1.3, 0.9, 0.6, 0.35, 0.2, 0.12, 0.08, 0.06, 0.05, 0.04, 0.03] },
  welfare: { F: [0.15, 0.2, 0.9, 1.8, 1.4, 1.2, 1.2, 1.2, 1.2, 1.1, 1, 0.9, 0.8, 0.8, 0.9, 1.2, 1.5, 1.8, 2], M: [0.15, 0.2, 0.8, 1.4, 1.4, 1.3, 1.3, 1.3, 1.2, 1.1, 1, 0.9, 0.8, 0.8, 0.9, 1.1, 1.4, 1.7, 2] },
  missing: { F: [0, 0.1, 6, 13, 0.6, 0.3, 0.3, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.4], M: [0, 0.1, 6, 13, 0.7, 0.4, 0.4, 0.3, 0.3, 0.3, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.4] },
  caller: { F: [0, 0, 0.1, 0.6, 1.1, 1.2, 1.3, 1.3, 1.3, 1.2, 1.2, 1.1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], M: [0, 0, 0.1, 0.6, 1, 1.1, 1.2, 1.2, 1.2, 1.2, 1.1, 1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4] },
  ambulance: { F: [0.9, 0.3, 0.3, 0.6, 0.65, 0.6, 0.6, 0.6, 0.65, 0.7, 0.8, 0.9, 1.1, 1.4, 2, 3, 4.4, 6.5, 8], M: [1, 0.35, 0.3, 0.5, 0.55, 0.55, 0.55, 0.6, 0.65, 0.75, 0.85, 1, 1.3, 1.6, 2.2, 3.2, 4.6, 6.5, 8] },
  absence: { F: [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], M: [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  suspension: { F: [0, 0.05, 0.6, 0.7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], M: [0, 0.2, 1.2, 1.3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  acquisitive: { F: [0, 0, 0.2, 0.6, 0.6, 0.7, 0.9, 0.9, 0.7, 0.4, 0.25, 0.15, 0.1, 0.08, 0.06, 0.05, 0.03, 0.02, 0.01], M: [0, 0, 0.5, 1.6, 1.5, 1.8, 2.4, 2.4, 1.9, 1.2, 0.7, 0.35, 0.15, 0.1, 0.08, 0.05, 0.03, 0.02, 0.01] },
  opiates: { F: [0, 0, 0, 0.1, 0.4, 0.7, 1, 1.2, 1.2, 1, 0.7, 0.4, 0.2, 0.1, 0.05, 0.02, 0, 0, 0], M: [0, 0, 0, 0.2, 0.8, 1.5, 2.2, 2.6, 2.6, 2.1, 1.5, 0.9, 0.4, 0.2, 0.1, 0.05, 0, 0, 0] },
};

/** How strongly the deprivation of the area moves each process: rate ratio from the least to the most deprived. */
const areaSlope: Record<Process, number> = { victim: 3.2, perpetrator: 3.4, welfare: 2.4, missing: 2.5, caller: 1.6, ambulance: 1.7, absence: 2.2, suspension: 2.6, acquisitive: 3, opiates: 3.2 };

export function ageShape(process: Process, sex: number, age: number): number {
  const shape = shapes[process][sex === 0 ? 'F' : 'M'];
  return shape[Math.max(0, Math.min(shape.length - 1, Math.floor(age / 5)))]!;
}

export interface PersonSampler {
  /** Rebuilds the weights of every process for a day. */
  setDay(day: number): void;
  /** A person alive and present, or -1 where the process can draw nobody. */
  draw(random: Random, process: Process): number;
  /** Total weight of a process, for expected counts. */
  total(process: Process): number;
}

export function createPersonSampler(county: County, people: People, wanted: Process[]): PersonSampler {
  const cumulative = new Map(wanted.map((process) => [process, new Float64Array(people.birth.length)]));
  let size = 0;
  const areaFactor = new Map(wanted.map((process) => [process, Float64Array.from(county.areas, (area) => areaSlope[process] ** (area.deprivation - 0.5))]));
  return {
    setDay(day) {
      size = people.count;
      const age = new Uint8Array(size);
      const area = new Int32Array(size);
      for (let p = 0; p < size; p += 1) {
        age[p] = people.from[p]! > day || people.until[p]! <= day + 31 ? 255 : Math.max(0, Math.min(18, Math.floor(ageOn(people.birth[p]!, day) / 5)));
        area[p] = county.dwellingArea[people.householdDwelling[people.household[p]!]!]!;
      }
      for (const process of wanted) {
        const table = cumulative.get(process)!;
        const weight = people.weight[process];
        const factor = areaFactor.get(process)!;
        const { F, M } = shapes[process];
        let total = 0;
        for (let p = 0; p < size; p += 1) {
          if (age[p] !== 255) total += weight[p]! * (people.sex[p] === 0 ? F : M)[age[p]!]! * factor[area[p]!]!;
          table[p] = total;
        }
      }
    },
    draw(random, process) {
      const table = cumulative.get(process)!;
      const target = random.next() * table[size - 1]!;
      if (!(target >= 0) || table[size - 1] === 0) return -1;
      let low = 0;
      let high = size - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (table[middle]! > target) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    total: (process) => (size > 0 ? cumulative.get(process)![size - 1]! : 0),
  };
}
