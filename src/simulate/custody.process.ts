// Custody: some of the suspects of each incident are arrested; half of those screened have a need. Also the searches that officers publish.

import { createRandom } from '../core/index.ts';
import { dateText, isSummerTime, timeText } from './calendar.ts';
import type { Incident } from './incident.feed.ts';
import { publishedTypes } from './crime.feed.ts';
import { FOREVER } from './people.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean, pickWeighted } from './world.ts';
import { codesChangedIn } from './plant-questions.ts';

export interface CustodyProcess extends MonthlyProcess {
  /** Considers the suspects of an incident for arrest. */
  consider(incident: Incident): void;
}

const needWeights: Record<string, number> = { 'mental-health': 0.34, alcohol: 0.24, drugs: 0.26, 'learning-disability': 0.05, homelessness: 0.09, neurodiversity: 0.1, 'physical-health': 0.14, debt: 0.06, 'domestic-abuse-victim': 0.07 };
const arrestFactor: Record<string, number> = { 'violence-with-injury': 1.4, 'violence-without-injury': 1, robbery: 2.2, burglary: 2.4, shoplifting: 0.7, drugs: 1.4, 'possession-of-weapons': 2.4, 'sexual-offences': 1.6, 'wanted-person': 1.6, 'public-order': 0.8 };

export function createCustodyProcess(world: World): CustodyProcess {
  const random = createRandom(world.seed, 'custody');
  const { pack, writer, people } = world;
  const police = world.records.police;
  const waiting: { at: number; person: number; offence: string }[] = [];
  let number = 0;
  const codesChanged = codesChangedIn(world.pack, world.calendar);
  const end = world.calendar.endDay * 1440;
  const needsOf = (person: number): string => {
    const adversity = Math.exp(0.3 * people.adversity[person]!);
    return Object.entries(needWeights).filter(([, share]) => random.chance(Math.min(0.9, share * pack.custody.needs * adversity))).map(([need]) => need).join(';');
  };
  return {
    consider(incident) {
      for (const party of incident.parties) {
        if (party.role !== 'suspect' || people.until[party.person] !== FOREVER) continue;
        const usual = 0.245 * (arrestFactor[incident.closing] ?? (publishedTypes[incident.closing] ? 0.7 : 0.12));
        if (!random.chance(Math.min(0.95, usual))) continue;
        waiting.push({ at: incident.reported + 40 + Math.floor(random.exponential(600)), person: party.person, offence: incident.closing });
      }
    },
    month() {
      waiting.sort((a, b) => a.at - b.at);
      for (const { at, person, offence } of waiting.splice(0)) {
        if (at >= end) continue;
        number += 1;
        const day = Math.floor(at / 1440);
        const written = police.write(police.recordFor(person), day, world.month < codesChanged ? 'short' : 'code');
        const screened = random.chance(pack.custody.screened);
        const needs = screened ? needsOf(person) : '';
        const ref = `CU${dateText(day).slice(2, 4)}${String(number).padStart(6, '0')}`;
        const diverted = world.plants.divert(person, at, ref);
        const referred = diverted ? 'Diversion programme' : needs && random.chance(0.45) ? random.pick(['Liaison and diversion', 'Drug and alcohol service', 'Mental health team', 'Housing options', 'General practitioner']) : '';
        const released = at + Math.floor(180 + random.gamma(3, 250));
        const disposal = pickWeighted(random.next(), { 'Released under investigation': 0.34, 'Released on bail': 0.24, Charged: 0.24, 'No further action': 0.1, 'Community resolution': 0.05, Caution: 0.03 });
        writer.row('custody-episode', world.month, [
          ref, written.id, timeText(at), released < end ? timeText(released) : null, offence, screened, needs, referred, released < end ? disposal : null,
          written.forename, written.middle, written.surname, written.birth, written.sex, written.ethnicity, written.address, written.postcode,
        ]);
      }
    },
  };
}

const legislation: [string, string, number][] = [
  ['Misuse of Drugs Act 1971 (section 23)', 'Controlled drugs', 0.716], ['Police and Criminal Evidence Act 1984 (section 1)', 'Offensive weapons', 0.135], ['Police and Criminal Evidence Act 1984 (section 1)', 'Article for use in theft', 0.108],
  ['Police and Criminal Evidence Act 1984 (section 1)', 'Stolen goods', 0.03], ['Police and Criminal Evidence Act 1984 (section 1)', 'Articles for use in criminal damage', 0.006], ['Firearms Act 1968 (section 47)', 'Firearms', 0.005],
];

/** Stop and search as published: times in UTC, some rows twice. */
export function createStopSearchProcess(world: World): MonthlyProcess {
  const random = createRandom(world.seed, 'stop and search');
  const { pack, writer, county, people, sampler, places, names, namesPack, time } = world;
  const ageBand = (age: number) => (age < 10 ? 'under 10' : age < 18 ? '10-17' : age < 25 ? '18-24' : age < 35 ? '25-34' : 'over 34');
  let cumulative = 0;
  const weights = legislation.map(([, , share]) => (cumulative += share));
  return {
    month() {
      const rows: { at: number; cells: (string | null)[] }[] = [];
      for (let n = random.poisson(monthlyMean(world, pack.stopSearch.perThousand, 'night-time')); n > 0; n -= 1) {
        const at = time.draw(random, random.chance(0.5) ? 'night-time' : 'youth-street');
        const person = sampler.draw(random, 'perpetrator');
        const heritage = namesPack.heritages[names.heritages[people.heritage[person]!]!]!;
        const place = random.chance(0.7) ? places.street(random) : places.centre(random);
        const point = county.points[place.point]!;
        const [act, object] = legislation[random.pickIndex(weights)]!;
        const outcome = pickWeighted(random.next(), { 'A no further action disposal': 0.755, 'Community resolution': 0.115, Arrest: 0.089, 'Summons / charged by post': 0.033, 'Khat or Cannabis warning': 0.005, 'Caution (simple or conditional)': 0.003 });
        const utc = at - (isSummerTime(Math.floor(at / 1440)) ? 60 : 0);
        const stated = random.chance(0.8) ? heritage.label : 'Other ethnic group - Not stated';
        const linked = outcome === 'A no further action disposal' ? null : random.chance(0.72) ? 'True' : 'False';
        rows.push({
          at: utc,
          cells: [
            pickWeighted(random.next(), { 'Person search': 0.775, 'Person and Vehicle search': 0.183, 'Vehicle search': 0.042 }), `${timeText(utc)}:00+00:00`, random.chance(0.12) ? 'True' : 'False', null,
            county.latitude(point.y), county.longitude(point.x), people.sex[person] === 1 ? 'Male' : 'Female', random.chance(0.1) ? null : ageBand(Math.floor((Math.floor(at / 1440) - people.birth[person]!) / 365.25)),
            stated, heritage.officer, act, object, outcome, linked, random.chance(0.036) ? 'True' : 'False',
          ],
        });
      }
      rows.sort((a, b) => a.at - b.at);
      for (const { cells } of rows) {
        writer.row('police-uk-stop-search', world.month, cells);
        if (random.chance(pack.stopSearch.duplicateRows)) writer.row('police-uk-stop-search', world.month, cells);
      }
    },
  };
}
