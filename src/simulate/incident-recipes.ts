// For each kind of police incident: when, where, who is in it, and how it may close. Rates are in the pack; these are its parts.

import type { PremisesKind } from './county-places.ts';
import type { Process } from './people.ts';

export interface Recipe {
  profile: string;
  /** Where, by share. */
  where: Partial<Record<'home' | 'street' | 'centre' | 'premises' | 'dwelling' | 'school', number>>;
  premises?: readonly PremisesKind[];
  /** Who it is about: the process that draws the person, and the person's role. */
  about?: { process: Process; role: 'victim' | 'suspect' | 'subject' | 'missing-person' | 'other' | 'caller' };
  /** Chance that somebody else called and is named. */
  caller?: number;
  /** Chance that the person it is about also called, and is entered as caller too. */
  selfCaller?: number;
  suspect?: { process: Process; share: 'violence' | 'domestic' | 'acquisitive' | 'shoplifting' | 'order' };
  witness?: number;
  /** Others in the household are entered: a partner as suspect, children as present. */
  household?: boolean;
  /** Closing codes with shares; the rest close as they opened. */
  closes?: Record<string, number>;
  /** Chance of each qualifier. */
  flags?: Record<string, number>;
  /** Start and end: a spell of minutes, or a window of hours in which it may have happened. */
  spell?: 'moment' | 'window';
  minutes?: number;
}

const night = { alcohol: 0.3 };

export const recipes: Record<string, Recipe> = {
  'violence-without-injury': { profile: 'home-evening', where: { home: 0.45, street: 0.35, centre: 0.12, premises: 0.08 }, premises: ['pub', 'club'], about: { process: 'victim', role: 'victim' }, selfCaller: 0.68, caller: 0.2, suspect: { process: 'perpetrator', share: 'violence' }, witness: 0.12, closes: { 'public-order': 0.03, 'suspicious-circumstances': 0.02 }, flags: { ...night, domestic: 0.2, 'mental-health': 0.05, vulnerable: 0.12 }, minutes: 1.6 },
  'stalking-harassment': { profile: 'office-hours', where: { home: 0.9, street: 0.1 }, about: { process: 'victim', role: 'victim' }, selfCaller: 0.81, suspect: { process: 'perpetrator', share: 'violence' }, closes: { 'civil-dispute': 0.03 }, flags: { domestic: 0.3, vulnerable: 0.15, repeat: 0.15 }, spell: 'window', minutes: 1.3 },
  'sexual-offences': { profile: 'home-evening', where: { home: 0.65, street: 0.2, centre: 0.15 }, about: { process: 'victim', role: 'victim' }, selfCaller: 0.41, suspect: { process: 'perpetrator', share: 'violence' }, flags: { vulnerable: 0.5, alcohol: 0.15, child: 0.2 }, spell: 'window', minutes: 4 },
  robbery: { profile: 'night-time', where: { street: 0.7, centre: 0.3 }, about: { process: 'victim', role: 'victim' }, selfCaller: 0.81, suspect: { process: 'perpetrator', share: 'acquisitive' }, closes: { 'theft-from-the-person': 0.08 }, flags: { weapon: 0.25, knife: 0.15 }, minutes: 2.4 },
  burglary: { profile: 'overnight', where: { dwelling: 0.8, premises: 0.2 }, premises: ['shop', 'pub'], about: { process: 'caller', role: 'victim' }, selfCaller: 0.54, suspect: { process: 'acquisitive', share: 'acquisitive' }, closes: { 'insecure-premises': 0.04, 'criminal-damage-arson': 0.04 }, spell: 'window', minutes: 1.6 },
  'vehicle-crime': { profile: 'overnight', where: { street: 0.4, home: 0.6 }, about: { process: 'caller', role: 'victim' }, selfCaller: 0.68, suspect: { process: 'acquisitive', share: 'acquisitive' }, closes: { 'criminal-damage-arson': 0.05 }, spell: 'window', minutes: 0.7 },
  shoplifting: { profile: 'shop-hours', where: { premises: 0.6, centre: 0.4 }, premises: ['shop'], suspect: { process: 'acquisitive', share: 'shoplifting' }, closes: { 'other-theft': 0.02 }, flags: { drugs: 0.12 }, minutes: 0.8 },
  'other-theft': { profile: 'office-hours', where: { street: 0.35, home: 0.35, premises: 0.15, centre: 0.15 }, premises: ['pub', 'restaurant', 'shop', 'other'], about: { process: 'caller', role: 'victim' }, selfCaller: 0.68, suspect: { process: 'acquisitive', share: 'acquisitive' }, closes: { 'lost-found': 0.05 }, spell: 'window', minutes: 0.7 },
  'bicycle-theft': { profile: 'office-hours', where: { street: 0.6, centre: 0.25, home: 0.15 }, about: { process: 'caller', role: 'victim' }, selfCaller: 0.68, suspect: { process: 'acquisitive', share: 'acquisitive' }, spell: 'window', minutes: 0.5 },
  'theft-from-the-person': { profile: 'shop-hours', where: { centre: 0.7, street: 0.3 }, about: { process: 'caller', role: 'victim' }, selfCaller: 0.81, suspect: { process: 'acquisitive', share: 'acquisitive' }, closes: { 'lost-found': 0.04 }, minutes: 0.8 },
  'criminal-damage-arson': { profile: 'youth-street', where: { street: 0.45, home: 0.45, premises: 0.1 }, premises: ['pub', 'shop'], about: { process: 'caller', role: 'victim' }, selfCaller: 0.68, suspect: { process: 'perpetrator', share: 'acquisitive' }, closes: { 'asb-nuisance': 0.05 }, spell: 'window', minutes: 0.9 },
  drugs: { profile: 'youth-street', where: { street: 0.6, home: 0.3, centre: 0.1 }, caller: 0.35, suspect: { process: 'acquisitive', share: 'order' }, closes: { 'suspicious-circumstances': 0.08 }, flags: { drugs: 0.9 }, minutes: 1.3 },
  'public-order': { profile: 'night-time', where: { street: 0.4, centre: 0.35, home: 0.1, premises: 0.15 }, premises: ['pub', 'club', 'shop'], about: { process: 'victim', role: 'victim' }, selfCaller: 0.54, caller: 0.2, suspect: { process: 'perpetrator', share: 'order' }, closes: { 'asb-nuisance': 0.06, 'violence-without-injury': 0.04 }, flags: { ...night, hate: 0.06, 'licensed-premises': 0.08 }, minutes: 1.1 },
  'possession-of-weapons': { profile: 'night-time', where: { street: 0.7, centre: 0.3 }, caller: 0.4, suspect: { process: 'perpetrator', share: 'order' }, flags: { weapon: 0.9, knife: 0.65 }, minutes: 2 },
  'other-crime': { profile: 'office-hours', where: { home: 0.7, street: 0.3 }, about: { process: 'victim', role: 'victim' }, selfCaller: 0.54, suspect: { process: 'perpetrator', share: 'order' }, minutes: 1.2 },
  'asb-personal': { profile: 'home-evening', where: { home: 0.85, street: 0.15 }, about: { process: 'caller', role: 'victim' }, selfCaller: 0.81, suspect: { process: 'perpetrator', share: 'acquisitive' }, closes: { 'public-order': 0.05, 'stalking-harassment': 0.03, 'civil-dispute': 0.04 }, flags: { vulnerable: 0.12, repeat: 0.15 }, minutes: 0.9 },
  'asb-nuisance': { profile: 'youth-street', where: { street: 0.75, centre: 0.15, premises: 0.1 }, premises: ['pub', 'shop'], caller: 0.6, suspect: { process: 'perpetrator', share: 'acquisitive' }, closes: { 'public-order': 0.04, 'criminal-damage-arson': 0.03, 'concern-for-safety': 0.03 }, flags: { alcohol: 0.15, child: 0.15 }, minutes: 0.6 },
  'asb-environmental': { profile: 'office-hours', where: { street: 0.9, home: 0.1 }, caller: 0.5, closes: { 'criminal-damage-arson': 0.05, 'highway-disruption': 0.04 }, minutes: 0.4 },
  'concern-for-safety': { profile: 'round-the-clock', where: { home: 0.75, street: 0.2, centre: 0.05 }, about: { process: 'welfare', role: 'subject' }, caller: 0.35, selfCaller: 0.34, closes: { 'collapse-illness-injury': 0.05, 'missing-person': 0.02, 'domestic-incident': 0.02, 'assist-other-agency': 0.03, 'violence-without-injury': 0.015 }, flags: { 'mental-health': 0.36, vulnerable: 0.3, alcohol: 0.1, drugs: 0.05, child: 0.08 }, minutes: 1.2 },
  'missing-person': { profile: 'home-evening', where: { home: 0.4, street: 0.4, centre: 0.2 }, about: { process: 'missing', role: 'missing-person' }, caller: 0.5, closes: { absconder: 0.02, 'concern-for-safety': 0.05 }, flags: { missing: 0.97, child: 0.6, vulnerable: 0.45, 'mental-health': 0.16, exploitation: 0.09 }, minutes: 2.4 },
  'domestic-incident': { profile: 'home-evening', where: { home: 1 }, about: { process: 'victim', role: 'victim' }, selfCaller: 0.74, caller: 0.15, household: true, suspect: { process: 'perpetrator', share: 'domestic' }, closes: { 'violence-without-injury': 0.28, 'stalking-harassment': 0.06, 'criminal-damage-arson': 0.04, 'public-order': 0.02 }, flags: { domestic: 1, alcohol: 0.25, vulnerable: 0.25, 'mental-health': 0.06, repeat: 0.25 }, minutes: 1.9 },
  'collapse-illness-injury': { profile: 'illness-day', where: { home: 0.6, street: 0.3, centre: 0.1 }, about: { process: 'ambulance', role: 'subject' }, caller: 0.3, closes: { 'sudden-death': 0.03, 'assist-other-agency': 0.04 }, flags: { alcohol: 0.12, 'mental-health': 0.12, drugs: 0.05 }, minutes: 1.1 },
  'sudden-death': { profile: 'illness-day', where: { home: 1 }, about: { process: 'ambulance', role: 'subject' }, caller: 0.5, minutes: 4 },
  'suspicious-circumstances': { profile: 'round-the-clock', where: { street: 0.4, home: 0.6 }, about: { process: 'caller', role: 'caller' }, closes: { burglary: 0.02, 'vehicle-crime': 0.02, drugs: 0.02, 'asb-nuisance': 0.04 }, minutes: 0.6 },
  'abandoned-call': { profile: 'round-the-clock', where: { home: 0.55, street: 0.45 }, about: { process: 'welfare', role: 'caller' }, closes: { 'concern-for-safety': 0.04, 'domestic-incident': 0.03, 'hoax-call': 0.03 }, flags: { 'mental-health': 0.06 }, minutes: 0.3 },
  'hoax-call': { profile: 'youth-street', where: { street: 0.6, home: 0.4 }, about: { process: 'welfare', role: 'caller' }, flags: { 'mental-health': 0.1, child: 0.2 }, minutes: 0.4 },
  'civil-dispute': { profile: 'office-hours', where: { home: 0.9, street: 0.1 }, about: { process: 'caller', role: 'caller' }, closes: { 'public-order': 0.04, 'stalking-harassment': 0.03 }, flags: { domestic: 0.04 }, minutes: 0.7 },
  alarm: { profile: 'overnight', where: { premises: 0.2, centre: 0.25, home: 0.55 }, premises: ['shop', 'pub', 'restaurant', 'other'], closes: { burglary: 0.04, 'insecure-premises': 0.05 }, minutes: 0.5 },
  absconder: { profile: 'round-the-clock', where: { home: 0.5, street: 0.5 }, about: { process: 'missing', role: 'subject' }, flags: { 'mental-health': 0.5, vulnerable: 0.4 }, minutes: 2 },
  'insecure-premises': { profile: 'overnight', where: { premises: 0.25, centre: 0.25, street: 0.5 }, premises: ['shop', 'other'], caller: 0.4, minutes: 0.5 },
  'lost-found': { profile: 'shop-hours', where: { centre: 0.4, street: 0.6 }, about: { process: 'caller', role: 'caller' }, closes: { 'theft-from-the-person': 0.02 }, minutes: 0.3 },
  animals: { profile: 'office-hours', where: { street: 0.5, home: 0.5 }, caller: 0.5, minutes: 0.5 },
  'wanted-person': { profile: 'office-hours', where: { home: 0.4, street: 0.4, centre: 0.2 }, about: { process: 'perpetrator', role: 'suspect' }, minutes: 1.2 },
  'collision-injury': { profile: 'traffic', where: { street: 1 }, about: { process: 'caller', role: 'victim' }, suspect: { process: 'perpetrator', share: 'order' }, witness: 0.2, flags: { alcohol: 0.05 }, minutes: 2 },
  'collision-damage': { profile: 'traffic', where: { street: 1 }, about: { process: 'caller', role: 'other' }, selfCaller: 0.54, closes: { 'collision-injury': 0.03 }, minutes: 0.7 },
  'road-related-offence': { profile: 'traffic', where: { street: 1 }, caller: 0.4, suspect: { process: 'perpetrator', share: 'acquisitive' }, flags: { alcohol: 0.06 }, minutes: 0.6 },
  'highway-disruption': { profile: 'traffic', where: { street: 1 }, caller: 0.35, minutes: 0.6 },
  'assist-other-agency': { profile: 'round-the-clock', where: { home: 0.7, street: 0.3 }, about: { process: 'welfare', role: 'subject' }, flags: { 'mental-health': 0.25, vulnerable: 0.2 }, minutes: 1.4 },
  'duplicate-call': { profile: 'round-the-clock', where: { street: 0.6, home: 0.4 }, caller: 0.3, minutes: 0.1 },
  'police-generated': { profile: 'round-the-clock', where: { street: 0.8, centre: 0.2 }, minutes: 1 },
  'pre-planned-event': { profile: 'office-hours', where: { centre: 0.7, street: 0.3 }, minutes: 3 },
};
