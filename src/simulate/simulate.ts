// Makes a whole fictional partnership: county, people, events, every agency's files, and the truth beside them. The same seed, people and months give the
// same bytes. Rows are written as each month is made, so memory holds the people and one month of events, never the whole period.

import { mkdirSync } from 'node:fs';
import type { Progress } from '../core/index.ts';
import { Problem, asProblem, silentProgress } from '../core/index.ts';
import { personId } from './agency-records.ts';
import { createCalendar, dateText } from './calendar.ts';
import { createWorld } from './create-world.ts';
import { createTenancyProcess, createTreatmentProcess } from './adult.process.ts';
import { createAmbulanceProcess } from './ambulance.process.ts';
import { createBurglaryProcess } from './burglary.process.ts';
import { createChildrenProcess } from './children.process.ts';
import { createComplaintProcess } from './complaint.process.ts';
import { writeAreaProfile, writeBoundaries, writePremises, writeSchools } from './county.feed.ts';
import { createCrimeFeed } from './crime.feed.ts';
import { createDailyCallers, createRegularCallers } from './daily-callers.process.ts';
import { plantOutbreak } from './outbreak.plant.ts';
import { createCustodyProcess, createStopSearchProcess } from './custody.process.ts';
import { createIncidentFeed } from './incident.feed.ts';
import { createIncidentMaker, createIncidentProcess } from './incident.process.ts';
import { FOREVER } from './people.ts';
import { createPopulationChange } from './population-change.ts';
import { createSchoolProcess } from './school.process.ts';
import { readSimulationPack } from './simulation.pack.ts';
import { createViolenceProcess } from './violence.process.ts';
import type { MonthlyProcess, World } from './world.ts';
import { sexCode } from './person-names.ts';

export interface SimulateOptions {
  /** Folder to write to; made where it is missing. */
  out: string;
  /** Residents on the first day; 60,000 unless said. */
  people?: number;
  months?: number;
  seed?: number;
  /** "none" makes the same county with nothing put in on purpose. */
  planted?: 'all' | 'none';
  progress?: Progress;
  /** "2023-11"; by default the period ends in the pack's last month. */
  firstMonth?: string;
}

export interface Simulated {
  files: { feed: string; path: string; rows: number }[];
  /** Paths of the truth files. */
  truth: string[];
  seconds: number;
}

function firstMonthFor(lastMonth: string, months: number): string {
  const [year = 0, month = 1] = lastMonth.split('-').map(Number);
  const index = year * 12 + month - 1 - (months - 1);
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

function checkOptions(options: SimulateOptions): void {
  const { people = 60_000, months = 36 } = options;
  if (!Number.isInteger(people) || people < 500 || people > 3_000_000) {
    throw new Problem('usage', { what: `The county can have 500 to 3,000,000 people, not ${people}`, where: '--people', todo: 'Give a number in that range.' });
  }
  if (!Number.isInteger(months) || months < 1 || months > 120) {
    throw new Problem('usage', { what: `The period can be 1 to 120 months, not ${months}`, where: '--months', todo: 'Give a number in that range.' });
  }
  if (options.firstMonth && !/^\d{4}-(0[1-9]|1[0-2])$/.test(options.firstMonth)) {
    throw new Problem('usage', { what: `"${options.firstMonth}" is not a month`, where: 'first month', todo: 'Write it as 2023-11.' });
  }
}

function writePeople(world: World): void {
  const { people, names, namesPack, county, truth } = world;
  for (let p = 0; p < people.count; p += 1) {
    const heritage = names.heritages[people.heritage[p]!]!;
    truth.row('person', [
      personId(p), `H${String(people.household[p]! + 1).padStart(6, '0')}`, sexCode(people.sex[p]!), heritage, namesPack.heritages[heritage]!.broad, dateText(people.birth[p]!), names.text[people.forename[p]!],
      people.middle[p]! >= 0 ? names.text[people.middle[p]!] : null, names.text[people.surname[p]!], names.text[people.otherSurname[p]!], county.areas[county.dwellingArea[people.householdDwelling[people.household[p]!]!]!]!.code,
      dateText(people.from[p]!), people.until[p] === FOREVER ? null : dateText(people.until[p]!), people.experienceCount[p], people.protection[p]!.toFixed(2), world.identifiers.nhsNumber(p),
    ]);
  }
}

export async function simulate(options: SimulateOptions): Promise<Simulated> {
  checkOptions(options);
  const started = performance.now();
  const { out, months = 36, seed = 1, progress = silentProgress } = options;
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw asProblem(error, out);
  }
  const calendar = createCalendar(options.firstMonth ?? firstMonthFor(readSimulationPack().period.lastMonth, months), months);
  progress.stage('Building the county');
  const { world, maker, pupils, education } = createWorld(options, calendar);
  const { county, people, writer, truth } = world;
  const change = createPopulationChange(seed, world.pack, county, people, maker, calendar, (spell) => {
    truth.row('home', [personId(spell.person), `H${String(spell.household + 1).padStart(6, '0')}`, county.uprnOf(spell.dwelling), county.addressOf(spell.dwelling), county.postcodeOf(spell.dwelling), county.areas[county.dwellingArea[spell.dwelling]!]!.code, dateText(spell.from), spell.to === FOREVER ? null : dateText(spell.to)]);
  });
  progress.done(`${people.count.toLocaleString('en-GB')} people, ${county.areas.length} areas`);
  const crimes = createCrimeFeed(world);
  const incidents = createIncidentFeed(world, crimes);
  const incidentMaker = createIncidentMaker(world);
  const ambulance = createAmbulanceProcess(world);
  const custody = createCustodyProcess(world);
  const children = createChildrenProcess(world, pupils.upnOf);
  const schools = createSchoolProcess(world, education, pupils);
  const violence = createViolenceProcess(world, incidents, incidentMaker, ambulance);
  const processes: MonthlyProcess[] = [
    ...(world.planted ? [plantOutbreak(world, violence)] : []), violence, createDailyCallers(world, incidents, incidentMaker), createRegularCallers(world, incidents, incidentMaker), createBurglaryProcess(world, incidents, incidentMaker), createIncidentProcess(world, incidents, incidentMaker),
    { month: () => incidents.endMonth((incident) => { custody.consider(incident); children.consider(incident); }) },
    crimes, ambulance, custody, createStopSearchProcess(world), createComplaintProcess(world), schools, children, createTenancyProcess(world), createTreatmentProcess(world),
  ];
  writeAreaProfile(writer, county, people, calendar, world.namesPack, world.names.heritages);
  writePremises(writer, county);
  const files = [writeBoundaries(out, county)];
  progress.stage('Simulating months', months);
  for (let month = 0; month < months; month += 1) {
    world.month = month;
    change.step(month);
    world.time.setMonth(month);
    world.plants.beginMonth();
    world.sampler.setDay(calendar.monthStart[month]!);
    world.population = 0;
    for (let p = 0; p < people.count; p += 1) if (people.until[p]! > calendar.monthStart[month]!) world.population += 1;
    for (const process of processes) process.month();
    if (month === 0) {
      writeSchools(writer, county, schools.counts);
    }
    await writer.endMonth(month);
    await truth.flush();
    progress.at(month + 1);
  }
  for (const process of processes) process.finish?.();
  change.finish();
  writePeople(world);
  files.push(...await writer.close());
  const truthFiles = await truth.close();
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  progress.done(`${rows.toLocaleString('en-GB')} rows in ${files.length} files`);
  return { files, truth: truthFiles, seconds: (performance.now() - started) / 1000 };
}
