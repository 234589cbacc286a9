// People who call again and again: a few dozen who call every day for some weeks, and some who call steadily for years. Mostly welfare and distress,
// from home, soon dealt with.

import { createRandom } from '../core/index.ts';
import { personId } from './agency-records.ts';
import { dateText } from './calendar.ts';
import type { IncidentFeed } from './incident.feed.ts';
import type { IncidentMaker } from './incident.process.ts';
import { FOREVER } from './people.ts';
import type { MonthlyProcess, World } from './world.ts';
import { pickWeighted } from './world.ts';

const mix = { 'concern-for-safety': 0.5, 'abandoned-call': 0.2, 'civil-dispute': 0.1, 'asb-personal': 0.1, 'suspicious-circumstances': 0.1 };

/** People who call steadily: a Poisson process each, whose yearly rate is drawn from a gamma distribution and stays. */
export function createRegularCallers(world: World, feed: IncidentFeed, maker: IncidentMaker): MonthlyProcess {
  const random = createRandom(world.seed, 'regular callers');
  const { people, sampler, truth } = world;
  const { perThousand, callsPerYear, shape } = world.pack.incidents.regularCallers;
  const callers: { person: number; rate: number }[] = [];
  return {
    month() {
      if (world.month === 0) {
        for (let n = Math.round((world.population / 1000) * perThousand); n > 0; n -= 1) {
          const caller = { person: sampler.draw(random, 'welfare'), rate: random.gamma(shape, callsPerYear / shape) };
          callers.push(caller);
          truth.row('regular-caller', [personId(caller.person), caller.rate.toFixed(2)]);
        }
      }
      for (const { person, rate } of callers) {
        const count = random.poisson((rate / 12) * world.plants.callFactor(person));
        for (let n = count; n > 0; n -= 1) {
          const code = pickWeighted(random.next(), mix);
          const incident = people.until[person] === FOREVER ? maker.make(code, { person, at: world.time.draw(random, 'home-evening'), repeat: true }) : undefined;
          if (!incident) continue;
          world.plants.countCall(person);
          world.plants.recode(incident);
          feed.add(incident);
        }
      }
    },
  };
}

export function createDailyCallers(world: World, feed: IncidentFeed, maker: IncidentMaker): MonthlyProcess {
  const random = createRandom(world.seed, 'daily callers');
  const { pack, calendar, people, sampler, truth } = world;
  const monthly = pack.incidents.dailyCallersPerThousand / pack.period.months;
  let spells: { person: number; until: number; perDay: number }[] = [];
  return {
    month() {
      const from = calendar.monthStart[world.month]!;
      const to = calendar.monthStart[world.month + 1]!;
      const starting = random.poisson((world.population / 1000) * monthly);
      const started: { person: number; from: number; until: number; perDay: number }[] = [];
      for (let n = starting; n > 0; n -= 1) {
        const person = sampler.draw(random, 'welfare');
        const first = from + random.below(to - from);
        const until = first + 14 + random.below(28);
        const perDay = 0.7 + random.next() * 0.5;
        started.push({ person, from: first, until, perDay });
        truth.row('daily-caller', [personId(person), dateText(first), dateText(Math.min(until, calendar.endDay) - 1), perDay.toFixed(2)]);
      }
      for (const spell of [...spells.map((old) => ({ ...old, from })), ...started]) {
        for (let day = spell.from; day < Math.min(spell.until, to); day += 1) {
          for (let n = random.poisson(spell.perDay); n > 0; n -= 1) {
            const code = pickWeighted(random.next(), mix);
            const at = day * 1440 + (world.time.draw(random, 'home-evening') % 1440);
            const incident = people.until[spell.person] === FOREVER ? maker.make(code, { person: spell.person, at, repeat: true }) : undefined;
            if (!incident) continue;
            world.plants.countCall(spell.person);
            world.plants.recode(incident);
            feed.add({ ...incident, minutes: incident.minutes * 0.4, grade: Math.max(3, incident.grade) });
          }
        }
      }
      spells = [...spells, ...started].filter((spell) => spell.until > to);
    },
  };
}
