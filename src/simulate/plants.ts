// Puts everything into the county that is there on purpose, and answers what the processes ask of it.

import { createRandom } from '../core/index.ts';
import { dateText } from './calendar.ts';
import { plantHotSpots } from './hot-spots.plant.ts';
import { plantPatrols } from './patrols.plant.ts';
import { plantCallerPlans, plantDiversion, plantMentoring, plantTalks, startMonth } from './programmes.plant.ts';
import type { Plants } from './plant-questions.ts';
import { codesChangedIn } from './plant-questions.ts';
import type { World } from './world.ts';
import { pickWeighted } from './world.ts';

export function createPlants(world: World): Plants {
  const random = createRandom(world.seed, 'recording practice');
  const { pack, calendar, truth } = world;
  const { planted } = pack;
  const hotSpots = plantHotSpots(world);
  const patrols = plantPatrols(world, calendar.monthStart[startMonth(world, planted.programmeC.at)]!, hotSpots.spots);
  const mentoring = plantMentoring(world);
  const diversion = plantDiversion(world);
  const plans = plantCallerPlans(world);
  const talks = plantTalks(world);
  const breakDay = calendar.monthStart[startMonth(world, planted.practiceBreak.at)]!;
  const stopDay = calendar.monthStart[startMonth(world, planted.stoppedFeed.at)]! + 9;
  truth.plant('practiceBreak', { ...planted.practiceBreak, from: dateText(breakDay), meaning: 'from this day so large a share of anti-social behaviour is recorded under these codes instead; nothing else changed' });
  truth.plant('stoppedFeed', { ...planted.stoppedFeed, from: dateText(stopDay), to: dateText(stopDay + planted.stoppedFeed.days - 1) });
  truth.plant('seasonsAndTrends', { trendPerYear: pack.time.trendPerYear, profiles: Object.fromEntries(Object.entries(pack.time.profiles).map(([name, { months, holiday }]) => [name, { months, holiday: holiday ?? 1 }])), paydayFactor: pack.time.paydayFactor, matchDayFactor: pack.time.matchDayFactor });
  truth.plant('nearRepeat', { ...pack.burglary, meaning: 'each burglary of a home has a Poisson number of offspring with this mean within the distance and days', list: 'near-repeat.csv' });
  truth.plant('hiddenViolence', { ...pack.violence, meaning: 'each true event enters each list with these chances; ambulance and emergency department depend on each other', list: 'hidden-violence.csv' });
  truth.plant('identityNoise', { heritageFactor: pack.identity.heritageFactor, transientFactor: pack.identity.transientFactor, meaning: 'shares of mistakes are multiplied by the factor of the person’s heritage', list: 'identity.csv' });
  truth.plant('timeRounding', { midnightShare: pack.incidents.midnightShare, hourShare: pack.incidents.hourShare, meaning: 'so large a share of start times known to the minute is written as midnight of the day, or as the hour' });
  truth.plant('codeChange', { ...planted.codeChange, from: dateText(calendar.monthStart[codesChangedIn(pack, calendar)]!), meaning: 'ethnicity in words before, in codes after' });
  return {
    beginMonth() {
      hotSpots.month();
      diversion.month();
      plans.month();
    },
    meetPatrol: patrols.meet,
    patrolVisits: patrols.visits,
    recode(incident) {
      const [opening, closing] = [incident.opening.startsWith('asb-'), incident.closing.startsWith('asb-')];
      if ((!opening && !closing) || incident.reported < breakDay * 1440 || !random.chance(planted.practiceBreak.share)) return;
      const code = pickWeighted(random.next(), planted.practiceBreak.recordedAs);
      if (closing) incident.closing = code;
      if (opening) incident.opening = code;
    },
    countCall: plans.count,
    callFactor: plans.factor,
    divert: diversion.consider,
    suspensionFactor: mentoring.factor,
    peak: talks.peak,
    isStopped: (feed, day) => feed === planted.stoppedFeed.feed && day >= stopDay && day < stopDay + planted.stoppedFeed.days,
  };
}
