// What is wrong with one clause of an agreement: words that the packs do not know, data of somebody who is no party, and the law: a basis for the
// purpose, conditions for protected data, powers that are in force and reach what is shared.

import { isCompetentAuthority, isHealthOrCare } from './agency.ts';
import type { AgreementContent, Clause, DataItem } from './agreement.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import type { Finding } from './agreement-register.ts';
import { dayInWords } from './british-day.ts';
import { expandItem, type ExpandedItem, type ItemKind } from './data-item.ts';
import { mayCarry, type LegalPower, type PowerKind } from './legal-power.ts';

interface ClauseInHand {
  clause: Clause;
  index: number;
  content: AgreementContent;
  packs: AgreementPacks;
  powers: readonly LegalPower[];
  items: readonly ExpandedItem[];
}

type Note = (level: Finding['level'], path: (string | number)[], message: string) => void;

const withPeople = ['hub-coordinator', 'lead-practitioner', 'referrer', 'governance-lead'];
const listed = (words: readonly string[]) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

export function checkClause(content: AgreementContent, index: number, packs: AgreementPacks): Finding[] {
  const clause = content.clauses[index]!;
  const findings: Finding[] = [];
  const note: Note = (level, path, message) => void findings.push({ level, path: ['clauses', index, ...path], message });
  const hand: ClauseInHand = {
    clause, index, content, packs,
    powers: clause.powers.flatMap((code) => packs.powers.get(code) ?? []),
    items: clause.items.flatMap((item) => expandItem(packs, item, clause.form)),
  };
  checkPeople(hand, note);
  clause.items.forEach((item, number) => checkItem(hand, item, number, note));
  checkForm(hand, note);
  checkBasis(hand, note);
  checkConditions(hand, note);
  checkForce(hand, note);
  checkReach(hand, note);
  return findings;
}

function checkPeople({ clause, content, packs, items }: ClauseInHand, note: Note): void {
  const parties = new Set(content.parties.map(({ agency }) => agency));
  const title = (code: string) => packs.agencies.get(code)?.title ?? code;
  clause.from.forEach((agency, at) => {
    if (!packs.agencies.has(agency)) note('fault', ['from', at], `There is no agency called "${agency}". Choose one of the partnership's agencies.`);
    else if (!parties.has(agency)) note('fault', ['from', at], `The data are those of ${title(agency)}, which is no party. Make it a party, or leave its data out.`);
    else if (!clause.items.some((item) => 'section' in item) && !items.some(({ holder }) => holder === agency)) note('warning', ['from', at], `None of the items are held by ${title(agency)}. Add what it shares, or take it out of this clause.`);
  });
  clause.to.forEach(({ agency, roles }, at) => {
    if (!packs.agencies.has(agency)) note('fault', ['to', at, 'agency'], `There is no agency called "${agency}". Choose one of the partnership's agencies.`);
    else if (!parties.has(agency)) note('fault', ['to', at, 'agency'], `${title(agency)} would receive data and is no party. Make it a party, or take it out of this clause.`);
    const others = roles.filter((role) => !withPeople.includes(role));
    if (clause.form === 'identified' && others.length > 0) note('warning', ['to', at, 'roles'], `Records with names would go to people whose work needs none (${listed(others)}). Give them pseudonymised data instead.`);
  });
}

function checkItem({ clause, packs }: ClauseInHand, item: DataItem, number: number, note: Note): void {
  if ('section' in item) {
    if (!packs.sections.has(item.section)) note('fault', ['items', number, 'section'], `A case has no section called "${item.section}". Choose one of: ${[...packs.sections.keys()].join(', ')}.`);
    else if (clause.form === 'pseudonymised') note('fault', ['items', number, 'section'], `The section "${item.section}" of a case is about a named person and cannot be shared without names. Choose the identified form, or leave it out.`);
    return;
  }
  const feed = packs.feeds.get(item.feed);
  if (!feed) {
    note('fault', ['items', number, 'feed'], `There is no feed called "${item.feed}". Choose one of the partnership's feeds.`);
    return;
  }
  if (!clause.from.includes(feed.holder)) note('fault', ['items', number, 'feed'], `${feed.title} are data of ${packs.agencies.get(feed.holder)?.title ?? feed.holder}, which this clause does not name among those whose data are shared. Add it, or leave the feed out.`);
  if (feed.unlisted) note('warning', ['items', number, 'feed'], `Nothing says which kinds of data the feed ${feed.title} holds, so it counts as holding data on health and offences. Say it in the pack data-items.`);
  if (item.fields === 'all') return;
  item.fields.forEach((field, at) => {
    const column = feed.columns.find(({ name }) => name === field);
    if (!column) note('fault', ['items', number, 'fields', at], `The feed ${feed.title} has no field called "${field}". Choose one of its fields.`);
    else if (clause.form === 'pseudonymised' && column.identifying) note('fault', ['items', number, 'fields', at], `The field "${field}" of ${feed.title} tells who somebody is, and the clause shares data without names. Leave it out, or choose the identified form.`);
  });
}

function checkForm({ clause, packs }: ClauseInHand, note: Note): void {
  const purpose = packs.purposes.get(clause.purpose);
  if (!purpose) note('fault', ['purpose'], `There is no purpose called "${clause.purpose}". Choose one of: ${[...packs.purposes.keys()].join(', ')}.`);
  else if (!purpose.identified && clause.form === 'identified') note('fault', ['form'], `"${purpose.title}" is reached with figures that name nobody. Choose the pseudonymised form, or another purpose.`);
  if (clause.form === 'pseudonymised' && clause.relation !== 'none') note('fault', ['relation'], 'Nobody stands in a relation to a person whom the data do not name. Choose no relation for pseudonymised data.');
}

/** Each purpose has a basis in the law that governs it, and each power what must stand beside it. */
function checkBasis({ clause, packs, powers, content }: ClauseInHand, note: Note): void {
  clause.powers.forEach((code, at) => {
    if (!packs.powers.has(code)) note('fault', ['powers', at], `There is no legal power called "${code}". Choose one of the pack of legal powers.`);
  });
  const purpose = packs.purposes.get(clause.purpose);
  if (!purpose) return;
  const basis: PowerKind = purpose.regime === 'part-3' ? 'part3' : 'article6';
  if (!powers.some(({ kind }) => kind === basis)) {
    note('fault', ['powers'], basis === 'part3' ? `"${purpose.title}" is law enforcement and has no basis under Part 3 of the Data Protection Act 2018. Name one.` : `"${purpose.title}" has no lawful basis under article 6 of the UK GDPR. Name one.`);
  }
  const consent = powers.find((power) => power.consent === 'rests-on');
  for (const power of powers) {
    const at = clause.powers.indexOf(power.code);
    if (power.regime !== 'any' && power.regime !== purpose.regime) note('fault', ['powers', at], `${power.citation} belongs to another part of the law than "${purpose.title}". Leave it out.`);
    else if (power.needs.length > 0 && !powers.some(({ kind }) => power.needs.includes(kind))) note('fault', ['powers', at], `${power.citation} does not stand alone: it needs ${needed(power.needs)} beside it. Name one.`);
    else if (power.consent === 'stands-without' && consent) note('warning', ['powers', at], `${power.citation} holds only where consent cannot be had or asked, and the clause rests on it too (${consent.citation}). Name another condition, such as paragraph 6 of Schedule 1, or leave consent out.`);
  }
  if (purpose.regime === 'part-3') {
    const others = [...new Set([...clause.from, ...clause.to.map(({ agency }) => agency)])].filter((agency) => content.parties.some((party) => party.agency === agency) && !isCompetentAuthority(packs.agencies.get(agency)?.sector ?? 'other'));
    if (others.length > 0) note('fault', ['purpose'], `Part 3 of the Data Protection Act 2018 is for competent authorities, which ${listed(others.map((code) => packs.agencies.get(code)?.title ?? code))} ${others.length === 1 ? 'is' : 'are'} not. Choose another purpose, or leave them out.`);
  }
}

const neededWords: Record<PowerKind, string> = {
  article6: 'a lawful basis under article 6', article9: 'a condition under article 9', article10: 'a condition under article 10', part3: 'a basis under Part 3',
  'part3-sensitive': 'a condition under Schedule 8', gateway: 'the statute that gives the task or duty', 'common-law': 'a common law power',
};
const needed = (kinds: readonly PowerKind[]) => kinds.map((kind) => neededWords[kind]).join(' or ');

/** Data on health and other special categories need a condition of article 9, data on offences one of article 10; under Part 3, one of Schedule 8. */
function checkConditions({ clause, packs, powers, items }: ClauseInHand, note: Note): void {
  const purpose = packs.purposes.get(clause.purpose);
  if (!purpose) return;
  const has = (kind: PowerKind) => powers.some((power) => power.kind === kind);
  const holding = (kinds: readonly ItemKind[]) => items.filter((item) => item.kinds.some((kind) => kinds.includes(kind))).map(({ key }) => key);
  const lacks = (kind: PowerKind, data: string, keys: readonly string[]) => {
    if (keys.length > 0 && !has(kind)) note('fault', ['powers'], `The clause shares ${data} (${shortList(keys)}) and names no condition for it. Name ${neededWords[kind]}, or leave those items out.`);
  };
  if (purpose.regime === 'part-3') {
    lacks('part3-sensitive', 'data on health or of another special category', holding(['health', 'special']));
    return;
  }
  lacks('article9', 'data on health or of another special category', holding(['health', 'special']));
  lacks('article10', 'data on criminal offences', holding(['criminal']));
}

const shortList = (keys: readonly string[]) => (keys.length > 4 ? `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more` : listed(keys));

function checkForce({ clause, powers, content: { startsOn, endsOn } }: ClauseInHand, note: Note): void {
  for (const power of powers) {
    const path = ['powers', clause.powers.indexOf(power.code)];
    const { citation, inForceFrom, inForceTo } = power;
    if (inForceFrom === null) note('fault', path, `${citation} is not known to be in force. Set the day of its commencement in the pack of legal powers once your legal adviser has confirmed it, or leave it out.`);
    else if (inForceFrom > startsOn) note('fault', path, `${citation} is in force only from ${dayInWords(inForceFrom)}, after the agreement begins. Begin later, or leave it out.`);
    else if (inForceTo !== null && inForceTo < startsOn) note('fault', path, `${citation} ended on ${dayInWords(inForceTo)}, before the agreement begins. Leave it out.`);
    else if (inForceTo !== null && inForceTo < endsOn) note('warning', path, `${citation} ends on ${dayInWords(inForceTo)}, before the agreement does. What stands on it goes dark on the next day.`);
  }
}

/** Each item must be within the reach of one of the clause's gateways, where it names any; confidential health and care data need more. */
function checkReach({ clause, packs, powers, items }: ClauseInHand, note: Note): void {
  const loads = items.flatMap(({ key, holder, kinds }) => (holder === undefined ? clause.from : [holder]).map((agency) => ({ key, load: { kinds, sector: packs.agencies.get(agency)?.sector ?? 'other', form: clause.form } as const })));
  const gateways = powers.filter(({ kind }) => kind === 'gateway');
  for (const gateway of [...gateways, ...powers.filter(({ kind }) => kind === 'common-law')]) {
    const beyond = loads.filter(({ load }) => !mayCarry(gateway, load));
    if (beyond.length === 0) continue;
    const left = beyond.filter(({ load }) => ![...(gateway.kind === 'gateway' ? gateways : powers.filter(({ kind }) => kind === 'gateway' || kind === 'common-law'))].some((power) => mayCarry(power, load)));
    const keys = [...new Set((left.length > 0 ? left : beyond).map(({ key }) => key))];
    const path = ['powers', clause.powers.indexOf(gateway.code)];
    if (left.length > 0) note('fault', path, `${gateway.citation} does not reach ${shortList(keys)}, and no other gateway of the clause does. Leave those items out, or name a gateway that reaches them.`);
    else note('warning', path, `${gateway.citation} does not reach ${shortList(keys)}; these rest on the other powers of the clause.`);
  }
  const confidential = loads.filter(({ load }) => load.form === 'identified' && load.kinds.includes('health') && isHealthOrCare(load.sector));
  if (confidential.length > 0 && !powers.some(({ kind }) => kind === 'common-law')) {
    note('warning', ['powers'], `Health and care records are held in confidence (${shortList([...new Set(confidential.map(({ key }) => key))])}). Name what lifts that duty: consent, or an overriding public interest; or make sure that a statute requires the sharing.`);
  }
}
