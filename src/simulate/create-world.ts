// Makes the world of a simulation: county, people, registers and files, and whatever is planted.

import { createAgencyRecords, createIdentifiers, personId } from './agency-records.ts';
import type { Calendar } from './calendar.ts';
import { createCounty } from './county.ts';
import { createDataErrors } from './data-errors.plant.ts';
import { createEventPlaces } from './event-place.ts';
import { createEventTime } from './event-time.ts';
import type { RowEditor } from './feed.writer.ts';
import { createFeedWriter } from './feed.writer.ts';
import { createPeople } from './households.ts';
import { createNameTable } from './person-names.ts';
import { createPersonSampler } from './person-sampler.ts';
import { noPlants } from './plant-questions.ts';
import { createPlants } from './plants.ts';
import { givePastHomes } from './population-change.ts';
import { createPupilNumbers } from './school.process.ts';
import { readNamesPack, readSimulationPack, withoutPlants } from './simulation.pack.ts';
import { createTruthFiles } from './truth.files.ts';
import type { World } from './world.ts';

export interface WorldOptions {
  out: string;
  people?: number;
  seed?: number;
  planted?: 'all' | 'none';
}

export function createWorld(options: WorldOptions, calendar: Calendar) {
  const { out, people: wanted = 60_000, seed = 1, planted = 'all' } = options;
  const pack = planted === 'all' ? readSimulationPack() : withoutPlants(readSimulationPack());
  const namesPack = readNamesPack();
  const county = createCounty(seed, pack, wanted);
  const names = createNameTable(namesPack, Object.keys(pack.people.heritage));
  const { people, maker } = createPeople(seed, pack, county, names, calendar, wanted);
  givePastHomes(seed, county, people);
  const truth = createTruthFiles(out);
  const monthAt = (at: number) => Math.floor(calendar.months * at);
  const { lateMonth, doubledMonth } = pack.planted;
  const faults = planted === 'all' ? { late: { feed: lateMonth.feed, month: monthAt(lateMonth.at) }, doubled: { feed: doubledMonth.feed, month: monthAt(doubledMonth.at) } } : {};
  let edit: RowEditor | undefined;
  const writer = createFeedWriter({ out, pack, calendar, ...faults, edit: (contract, month, cells, file) => (edit ? edit(contract, month, cells, file) : [cells]) });
  const identifiers = createIdentifiers(people, names);
  const context = { seed, pack, namesPack, county, people, names, onRecord: (agency: string, id: string, person: number) => truth.row('identity', [agency, id, personId(person)]) };
  const register = (agency: string, prefix: string, width: number) => createAgencyRecords(context, agency, identifiers, (record) => `${prefix}${String(record + 1).padStart(width, '0')}`);
  const pupils = createPupilNumbers(county, people);
  const education = createAgencyRecords(context, 'education', identifiers, (_, person) => pupils.upnOf(person));
  const world: World = {
    seed, pack, namesPack, calendar, county, people, names, time: createEventTime(pack, calendar),
    sampler: createPersonSampler(county, people, ['victim', 'perpetrator', 'welfare', 'missing', 'caller', 'ambulance', 'acquisitive', 'opiates']),
    places: createEventPlaces(seed, county), writer, truth, identifiers,
    records: { police: register('police', 'N', 7), ambulance: register('ambulance', 'A', 7), 'social-care': register('social-care', 'C', 6), 'early-help': register('early-help', 'E', 6), housing: register('housing', 'H', 6), council: register('council', 'R', 6), treatment: register('treatment', 'D', 6) },
    planted: planted === 'all', plants: noPlants, month: 0, population: people.count,
  };
  if (world.planted) {
    world.plants = createPlants(world);
    edit = createDataErrors(world, wanted);
    for (const [name, fault] of Object.entries(faults)) if (fault.month + 1 < calendar.months) truth.plant(name === 'late' ? 'lateMonth' : 'doubledMonth', { feed: fault.feed, month: calendar.monthName(fault.month), arrivesIn: calendar.monthName(fault.month + 1) });
  }
  return { world, maker, pupils, education };
}
