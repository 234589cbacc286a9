// What the simulated county is made of: packs/simulation.yaml (rates, shares, effects, each block with its source) and packs/names.yaml.

import { z } from 'zod';
import { readPack } from '../store/index.ts';

const number = z.number();
const numbers = z.record(z.string(), number);
const source = z.string().min(8);

const noiseShares = z.strictObject({
  surnameTypo: number, otherSurname: number, forenameNickname: number, forenameTypo: number, noMiddle: number, initialOnly: number,
  birthDefault: number, birthSwapped: number, birthDigit: number, birthMissing: number, ageOnly: number, stalePlace: number, noPlace: number,
  sexFlipped: number, ethnicityOther: number, ethnicityMissing: number, unknownName: number, reordered: number, spelling: number, phone: number,
  wrongPhone: number, identifierMissing: number, capitals: number,
});

/** The shares of one agency's records with each kind of mistake. */
export type NoiseShares = z.infer<typeof noiseShares>;

const town = z.strictObject({ name: z.string(), council: z.string(), share: number, deprivation: number, diversity: number });

const simulationSchema = z.object({
  name: z.string(),
  force: z.string(),
  period: z.object({ lastMonth: z.string().regex(/^\d{4}-\d{2}$/), months: number, source }),
  place: z.object({
    source, centre: z.tuple([number, number]), residentsPerArea: number, minimumAreas: number, areasPerWard: number, townDensity: number,
    ruralSquareKilometresPerArea: number, residentsPerDwelling: number, vacancy: number, dwellingsPerStreet: number, dwellingsPerPostcode: number,
    premisesPerThousand: number, residentsPerPrimary: number, residentsPerSecondary: number, towns: z.array(town).length(3), villages: z.array(z.string()).min(1),
  }),
  people: z.object({
    source, households: numbers, socialRent: number, privateRent: number, middleNameShare: number, sameNameSon: number, twinBirths: number,
    maidenKept: number, doubleBarrelled: number, moveRateThreeYears: z.object({ owned: number, 'private-rent': number, 'social-rent': number }),
    birthsPerThousandWomen: number, deathRateAt: z.record(z.string(), number), heritage: numbers,
  }),
  adversity: z.object({
    source, prevalence: numbers, loading: number, householdCorrelation: number, areaCorrelation: number,
    ratios: z.record(z.string(), z.array(number).length(4)), protectedExponent: number, frailty: numbers,
  }),
  incidents: z.object({
    source, rates: numbers, repeats: numbers, repeatDays: number, dailyCallersPerThousand: number, regularCallers: z.object({ perThousand: number, callsPerYear: number, shape: number }), officerMinutes: numbers,
    openAtMonthEnd: z.object({ recentDays: number, share: number, longer: number }), noPlaceShare: number, enteredTwice: number, closesOtherwise: number, midnightShare: number, hourShare: number,
    namedSuspect: numbers,
  }),
  crime: z.object({ source, secondCrime: number, directPerThousand: numbers, noLocation: number, outcomes: numbers }),
  violence: z.object({
    source, truePerThousand: number, police: number, emergencyDepartment: number, ambulance: number, emergencyDepartmentIfAmbulance: number,
    settings: numbers, usablePlace: numbers, usablePlaceMinority: number,
  }),
  burglary: z.object({ source, offspring: number, distanceMetres: number, days: number, sameDwelling: number }),
  ambulance: z.object({ source, perThousand: number, mix: numbers, repeats: number }),
  custody: z.object({ source, perThousand: number, screened: number, needs: number }),
  schools: z.object({
    source, persistentAbsence: number, spellsPerYear: number, fridayFactor: number, unauthorised: number, suspensionsPerHundred: number,
    exclusionsPerHundred: number, freeMeals: number, support: number, plan: number,
  }),
  children: z.object({ source, earlyHelpPerThousand: number, contactsPerThousand: number, reReferral: number, noFurtherAction: number }),
  housing: z.object({ source, arrearsShare: number, meanArrears: number, changePerMonth: number }),
  treatment: z.object({ source, perThousandAdults: number, mix: numbers }),
  complaints: z.object({ source, perThousand: number }),
  stopSearch: z.object({ source, perThousand: number, duplicateRows: number }),
  identity: z.object({
    source, heritageFactor: numbers, transientFactor: number, agencies: z.record(z.string(), noiseShares), duplicates: z.record(z.string(), z.array(number).min(1)),
  }),
  files: z.object({ source }).catchall(z.object({ every: z.enum(['once', 'month', 'quarter', 'year']), gzip: z.boolean() })),
  time: z.object({
    source, trendPerYear: numbers, paydayFactor: number, matchDayFactor: number,
    profiles: z.record(z.string(), z.object({ hours: z.array(number).length(24), weekdays: z.array(number).length(7), months: z.array(number).length(12), holiday: number.optional() })),
  }),
  planted: z.object({
    source,
    hotSpots: z.object({ persistent: number, timesMean: number, neighbourTimes: number, radiusMetres: number, fadedBy: number }),
    practiceBreak: z.object({ at: number, share: number, recordedAs: numbers }),
    outbreak: z.object({ at: number, weeks: number, areas: number, perWeek: number, police: number, emergencyDepartment: number, ambulance: number }),
    programmeA: z.object({ at: number, waves: number, monthsBetween: number, schools: number, effect: number }),
    programmeB: z.object({ at: number, underAge: number, takeUp: number, effect: number, days: number }),
    programmeC: z.object({ at: number, weeks: number, spots: number, effect: number, displaced: number, radiusMetres: number, movedWithinMetres: number, patrolsPerWeek: number }),
    programmeD: z.object({ at: number, wards: number, peakMonths: number, peakFactor: number, effect: number }),
    programmeE: z.object({ at: number, lookBackMonths: number, perThousand: number, countedPerMonth: number, planned: number, effect: number }),
    lateMonth: z.object({ feed: z.string(), at: number }),
    doubledMonth: z.object({ feed: z.string(), at: number }),
    stoppedFeed: z.object({ feed: z.string(), at: number, days: number }),
    codeChange: z.object({ feeds: z.array(z.string()), column: z.string(), at: number }),
    dataErrors: z.record(z.string(), z.object({ mistakes: number, rowsPerThousandAMonth: number })),
  }),
});

/** Every parameter of the simulated county. */
export type SimulationPack = z.infer<typeof simulationSchema>;

/** The same county with nothing planted: flat seasons and trends, independent lists, no near repeats, equal identity noise. */
export function withoutPlants(pack: SimulationPack): SimulationPack {
  const { violence, time, burglary, identity } = pack;
  const emergencyDepartment = violence.ambulance * violence.emergencyDepartmentIfAmbulance + (1 - violence.ambulance) * violence.emergencyDepartment;
  return {
    ...pack,
    violence: { ...violence, emergencyDepartment, emergencyDepartmentIfAmbulance: emergencyDepartment },
    burglary: { ...burglary, offspring: 0 },
    identity: { ...identity, heritageFactor: Object.fromEntries(Object.keys(identity.heritageFactor).map((name) => [name, 1])) },
    time: {
      ...time,
      trendPerYear: { default: 0 },
      paydayFactor: 1,
      matchDayFactor: 1,
      profiles: Object.fromEntries(Object.entries(time.profiles).map(([name, profile]) => [name, name === 'school-day' ? profile : { ...profile, months: profile.months.map(() => 1), holiday: 1 }])),
    },
  };
}

const words = z.string().transform((text) => text.trim().split(/\s+/));
const nameList = z.object({ F: z.array(words).min(1), M: z.array(words).min(1), surnames: words });
const weights = z.object({ exponent: number, offset: number });
const heritage = z.object({ lists: z.array(z.string()).min(1), broad: z.string(), label: z.string(), short: z.string(), code: z.string(), officer: z.string() });

const namesSchema = z.object({
  source,
  forenameWeights: weights,
  surnameWeights: weights,
  composedShare: number,
  composedStems: words,
  composedEndings: words,
  initialMiddle: words,
  generations: z.array(number),
  heritages: z.record(z.string(), heritage),
  nicknames: z.array(words),
  spellings: z.array(words),
}).catchall(z.unknown()).transform((value) => {
  const lists: Record<string, z.infer<typeof nameList>> = {};
  for (const { lists: used } of Object.values(value.heritages)) for (const name of used) lists[name] ??= nameList.parse(value[name]);
  return { ...value, lists };
});

/** Names by generation, sex and heritage. */
export type NamesPack = z.infer<typeof namesSchema>;

export function readSimulationPack(localPacks?: string): SimulationPack {
  return readPack(localPacks, 'simulation', simulationSchema).value;
}

export function readNamesPack(localPacks?: string): NamesPack {
  return readPack(localPacks, 'names', namesSchema).value;
}
