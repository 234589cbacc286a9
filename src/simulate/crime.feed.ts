// Recorded crime as the force publishes it: each crime of an incident, and crimes recorded without a call, moved to the nearest street point and
// given its outcome some months later (data.police.uk street-level and outcomes files).

import { createHash } from 'node:crypto';
import { createRandom } from '../core/index.ts';
import type { EventPlace } from './event-place.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean, pickShare } from './world.ts';

/** The published crime type of each category of ours; violence and sexual offences are one. */
export const publishedTypes: Record<string, string> = {
  'violence-with-injury': 'Violence and sexual offences', 'violence-without-injury': 'Violence and sexual offences', 'stalking-harassment': 'Violence and sexual offences', 'sexual-offences': 'Violence and sexual offences',
  robbery: 'Robbery', burglary: 'Burglary', 'vehicle-crime': 'Vehicle crime', shoplifting: 'Shoplifting', 'other-theft': 'Other theft', 'bicycle-theft': 'Bicycle theft', 'theft-from-the-person': 'Theft from the person',
  'criminal-damage-arson': 'Criminal damage and arson', drugs: 'Drugs', 'public-order': 'Public order', 'possession-of-weapons': 'Possession of weapons', 'other-crime': 'Other crime',
};

export interface CrimeFeed extends MonthlyProcess {
  /** Records a crime this month and returns its reference. */
  record(category: string, place: EventPlace, incidentRef: string): string;
  antiSocialBehaviour(place: EventPlace): void;
}

/** Outcomes by type that differ much from the average: multiplies the chance of a charge. */
const chargeFactor: Record<string, number> = { shoplifting: 2.2, drugs: 2.6, 'possession-of-weapons': 3.2, burglary: 0.6, 'vehicle-crime': 0.25, 'bicycle-theft': 0.15, 'other-theft': 0.3, 'criminal-damage-arson': 0.7 };
const noSuspect = new Set(['burglary', 'vehicle-crime', 'bicycle-theft', 'other-theft', 'theft-from-the-person', 'criminal-damage-arson', 'robbery']);

export function createCrimeFeed(world: World): CrimeFeed {
  const random = createRandom(world.seed, 'crime');
  const { pack, county, calendar, writer, truth } = world;
  const later: (readonly [string, EventPlace | null, string])[][] = Array.from({ length: calendar.months + 8 }, () => []);
  let number = 0;
  const placeCells = (place: EventPlace | null) => {
    if (!place) return [null, null, 'No Location', null, null] as const;
    const point = county.points[place.point]!;
    const area = county.areas[point.area]!;
    return [county.longitude(point.x), county.latitude(point.y), `On or near ${point.name}`, area.code, area.name] as const;
  };
  const outcomeOf = (category: string): string => {
    const shares = pack.crime.outcomes;
    const charge = shares['Suspect charged']! * (chargeFactor[category] ?? 1);
    if (random.chance(charge)) return 'Suspect charged';
    const roll = random.next();
    if (roll < 0.8) return noSuspect.has(category) ? (roll < 0.66 ? 'Investigation complete; no suspect identified' : 'Unable to prosecute suspect') : roll < 0.62 ? 'Unable to prosecute suspect' : 'Investigation complete; no suspect identified';
    return pickShare(random.next(), shares) ?? 'Unable to prosecute suspect';
  };
  const lastOutcome = (outcome: string, month: number): string => {
    if (month >= calendar.months) return 'Under investigation';
    if (outcome !== 'Suspect charged') return outcome;
    return month < calendar.months - 9 ? 'Court result unavailable' : 'Awaiting court outcome';
  };
  const record: CrimeFeed['record'] = (category, place, incidentRef) => {
    number += 1;
    const { month } = world;
    const ref = `47/${String(number).padStart(6, '0')}/${calendar.monthName(month).slice(2, 4)}`;
    const id = createHash('sha256').update(`${world.seed} ${ref}`).digest('hex');
    const shown = random.chance(pack.crime.noLocation) ? null : place;
    const outcome = outcomeOf(category);
    const delay = outcome === 'Suspect charged' ? random.below(6) : Math.min(7, Math.floor(random.exponential(1)));
    const hasOutcome = random.chance(0.96);
    writer.row('police-uk-street', month, [id, calendar.monthName(month), pack.force, pack.force, ...placeCells(shown), publishedTypes[category], hasOutcome ? lastOutcome(outcome, month + delay) : 'Status update unavailable', null]);
    if (hasOutcome) later[month + delay]!.push([id, shown, outcome]);
    truth.row('crime', [ref, id, incidentRef, category, calendar.monthName(month)]);
    return ref;
  };
  return {
    record,
    antiSocialBehaviour(place) {
      const shown = random.chance(pack.crime.noLocation) ? null : place;
      writer.row('police-uk-street', world.month, ['', calendar.monthName(world.month), pack.force, pack.force, ...placeCells(shown), 'Anti-social behaviour', null, null]);
    },
    month() {
      for (const [category, rate] of Object.entries(pack.crime.directPerThousand)) {
        const count = random.poisson(monthlyMean(world, rate, 'office-hours', category));
        for (let i = 0; i < count; i += 1) {
          const place = category === 'shoplifting' ? world.places.atPremises(random, ['shop']) : random.chance(0.5) ? world.places.home(world.places.dwelling(random)) : world.places.street(random);
          record(category, place, '');
        }
      }
      for (const [id, shown, outcome] of later[world.month]!) {
        writer.row('police-uk-outcomes', world.month, [id, calendar.monthName(world.month), pack.force, pack.force, ...placeCells(shown), outcome]);
      }
      later[world.month]!.length = 0;
    },
  };
}
