// What the packs know against the ground in law of a decision to share: no lawful basis for the purpose, a power that does not stand alone, is not in
// force or does not reach the data, protected data without their condition. It never stops a record: what was decided is written down as it was.

import { isCompetentAuthority, isHealthOrCare } from './agency.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import { dayInWords, endOfBritishDay, startOfBritishDay } from './british-day.ts';
import type { ItemKind } from './data-item.ts';
import { forceOf, mayCarry, type LegalPower, type PowerKind } from './legal-power.ts';
import type { NewShareRecord } from './share-record.store.ts';

type Packs = Pick<AgreementPacks, 'agencies' | 'purposes' | 'powers' | 'feeds' | 'sections'>;

const kindWords: Record<PowerKind, string> = {
  article6: 'a lawful basis under article 6 of the UK GDPR', article9: 'a condition under article 9 of the UK GDPR', article10: 'a condition under article 10 of the UK GDPR', part3: 'a basis under Part 3 of the Data Protection Act 2018',
  'part3-sensitive': 'a condition under Schedule 8 of the Data Protection Act 2018', gateway: 'the statute that gives the task or duty', 'common-law': 'a common law power',
};

/**
 * What to look at again before information is shared on this ground; nothing for what is withheld. Sentences, none where nothing is found.
 *
 * @example
 * doubtsAboutGround(packs, { ...record, from: 'police' }); // ['"Protect a child" needs a lawful basis under article 6 of the UK GDPR, and none is named.']
 */
export function doubtsAboutGround(packs: Packs, record: Pick<NewShareRecord, 'decision' | 'items' | 'purpose' | 'ground' | 'decidedOn'> & { from: string }): string[] {
  const purpose = packs.purposes.get(record.purpose);
  if (record.decision === 'withhold' || !purpose) return [];
  const powers = record.ground.flatMap((code) => packs.powers.get(code) ?? []);
  const has = (kind: PowerKind) => powers.some((power) => power.kind === kind);
  const lawEnforcement = purpose.regime === 'part-3';
  const basis: PowerKind = lawEnforcement ? 'part3' : 'article6';
  const sector = packs.agencies.get(record.from)?.sector ?? 'other';
  const held = itemKindsOf(packs, record.items);
  const kinds = new Set(held.flatMap((item) => item.kinds));
  const lacks = (data: string, found: readonly ItemKind[], kind: PowerKind) => (found.some((each) => kinds.has(each)) && !has(kind) ? [`What is shared may hold ${data}, and ${kindWords[kind]} is not named.`] : []);
  const gateways = powers.filter(({ kind }) => kind === 'gateway');
  const beyond = held.filter((item) => gateways.length > 0 && !gateways.some((power) => mayCarry(power, { kinds: item.kinds, sector, form: 'identified' })));
  return [
    ...(has(basis) ? [] : [`“${purpose.title}” needs ${kindWords[basis]}, and none is named.`]),
    ...powers.flatMap((power) => doubtsAboutPower(power, powers, { regime: purpose.regime, title: purpose.title, day: record.decidedOn })),
    ...(lawEnforcement && !isCompetentAuthority(sector) ? ['Part 3 of the Data Protection Act 2018 is for competent authorities, which your agency is not.'] : []),
    ...(lawEnforcement ? lacks('data on health or of another special category', ['health', 'special'], 'part3-sensitive') : [...lacks('data on health or of another special category', ['health', 'special'], 'article9'), ...lacks('data on criminal offences', ['criminal'], 'article10')]),
    ...(beyond.length > 0 ? [`No statute that is named reaches ${beyond.map(({ title }) => title).join('; ')}.`] : []),
    ...(kinds.has('health') && isHealthOrCare(sector) && !has('common-law') ? ['Health and care records are held in confidence. Name what lifts that duty: consent, or an overriding public interest; or be sure that a statute requires the sharing.'] : []),
  ];
}

function doubtsAboutPower(power: LegalPower, all: readonly LegalPower[], { regime, title, day }: { regime: string; title: string; day: string }): string[] {
  const { from, to } = forceOf(power);
  if (power.inForceFrom === null) return [`${power.citation} is not known to be in force.`];
  if (from >= endOfBritishDay(day)) return [`${power.citation} was not in force on ${dayInWords(day)}: it began on ${dayInWords(power.inForceFrom)}.`];
  if (to <= startOfBritishDay(day)) return [`${power.citation} was no longer in force on ${dayInWords(day)}.`];
  if (power.regime !== 'any' && power.regime !== regime) return [`${power.citation} belongs to another part of the law than “${title}”.`];
  if (power.needs.length > 0 && !all.some(({ kind }) => power.needs.includes(kind))) return [`${power.citation} does not stand alone: it needs ${power.needs.map((kind) => kindWords[kind]).join(' or ')} beside it.`];
  return [];
}

/** Each feed and section with every kind that it may hold. */
function itemKindsOf({ feeds, sections }: Packs, items: readonly string[]): { title: string; kinds: ItemKind[] }[] {
  return items.flatMap((item) => {
    const section = item.startsWith('case/') ? sections.get(item.slice('case/'.length)) : undefined;
    const feed = feeds.get(item);
    if (section) return [{ title: section.title, kinds: [...section.kinds] }];
    return feed ? [{ title: feed.title, kinds: [...new Set(feed.columns.flatMap((column) => column.kinds))] }] : [];
  });
}
