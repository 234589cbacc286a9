import { describe, expect, it } from 'vitest';
import type { AgreementContent, Clause } from './agreement.ts';
import { checkAgreement, hasFault, parseAgreement } from './agreement-check.ts';
import { readAgreementPacks, type AgreementPacks } from './agreement-packs.ts';
import { contentFromTemplate } from './agreement-template.ts';
import { figuresClause, helpClause, sampleContent } from './sample-content.fixture.ts';

const packs = readAgreementPacks(undefined);
const figures = (given: Partial<Clause>) => sampleContent({ clauses: [{ ...figuresClause, ...given }, helpClause] });
const help = (given: Partial<Clause>) => sampleContent({ clauses: [figuresClause, { ...helpClause, ...given }] });
const withParty = (agency: string, content: AgreementContent): AgreementContent => ({ ...content, parties: [...content.parties, { agency, role: 'controller', contact: 'Officer' }] });
const withPower = (code: string, given: object): AgreementPacks => ({ ...packs, powers: new Map([...packs.powers].map(([each, power]) => [each, each === code ? { ...power, ...given } : power])) });
const without = (powers: readonly string[], ...codes: string[]) => powers.filter((code) => !codes.includes(code));

const cases: [string, AgreementContent, 'fault' | 'warning', (string | number)[], RegExp, AgreementPacks?][] = [
  // Parties
  ['an agency that the partnership does not have', sampleContent({ parties: [...sampleContent().parties, { agency: 'navy', role: 'controller', contact: 'x' }] }), 'fault', ['parties', 3, 'agency'], /no agency called "navy"/],
  ['a party that is named twice', withParty('police', sampleContent()), 'fault', ['parties', 3, 'agency'], /Police is a party twice/],
  ['a party that neither gives nor receives', withParty('housing', sampleContent()), 'warning', ['parties', 3, 'agency'], /Housing association neither gives nor receives/],
  // Whose data, and who receives
  ['data of an agency that is not known', figures({ from: ['police', 'navy'] }), 'fault', ['clauses', 0, 'from', 1], /no agency called "navy"/],
  ['data of an agency that is no party', figures({ from: ['police', 'housing'], items: [...figuresClause.items, { feed: 'tenancy', fields: 'all' }] }), 'fault', ['clauses', 0, 'from', 1], /Housing association, which is no party/],
  ['an agency of whom nothing is shared', figures({ from: ['police', 'early-help'] }), 'warning', ['clauses', 0, 'from', 1], /None of the items are held by Early help/],
  ['a recipient that is not known', figures({ to: [{ agency: 'navy', roles: ['analyst'] }] }), 'fault', ['clauses', 0, 'to', 0, 'agency'], /no agency called "navy"/],
  ['a recipient that is no party', figures({ to: [{ agency: 'housing', roles: ['analyst'] }] }), 'fault', ['clauses', 0, 'to', 0, 'agency'], /Housing association would receive data and is no party/],
  ['names for people whose work needs none', help({ to: [{ agency: 'early-help', roles: ['lead-practitioner', 'analyst'] }] }), 'warning', ['clauses', 1, 'to', 0, 'roles'], /whose work needs none \(analyst\)/],
  // Items
  ['a feed that is not known', figures({ items: [{ feed: 'weather', fields: 'all' }] }), 'fault', ['clauses', 0, 'items', 0, 'feed'], /no feed called "weather"/],
  ['a field that the feed does not have', figures({ items: [{ feed: 'police-incident', fields: ['closing_code', 'mood'] }] }), 'fault', ['clauses', 0, 'items', 0, 'fields', 1], /no field called "mood"/],
  ['a section that a case does not have', help({ items: [{ section: 'gossip' }] }), 'fault', ['clauses', 1, 'items', 0, 'section'], /no section called "gossip"/],
  ['a feed of an agency that the clause does not name', figures({ items: [...figuresClause.items, { feed: 'tenancy', fields: 'all' }] }), 'fault', ['clauses', 0, 'items', 1, 'feed'], /Social tenancies are data of Housing association/],
  ['a feed of which nothing is known', figures({}), 'warning', ['clauses', 0, 'items', 0, 'feed'], /Nothing says which kinds of data the feed Police incidents holds/, { ...packs, feeds: new Map([...packs.feeds].map(([code, feed]) => [code, { ...feed, unlisted: true }])) }],
  ['a field that identifies, without names', figures({ items: [{ feed: 'police-incident', fields: ['closing_code', 'summary'] }] }), 'fault', ['clauses', 0, 'items', 0, 'fields', 1], /"summary" of Police incidents tells who somebody is/],
  ['an agency’s own number of a person, without names', figures({ items: [{ feed: 'police-involvement', fields: ['nominal_ref'] }] }), 'fault', ['clauses', 0, 'items', 0, 'fields', 0], /"nominal_ref" .* tells who somebody is/],
  ['a section of a case, without names', figures({ items: [...figuresClause.items, { section: 'plan' }] }), 'fault', ['clauses', 0, 'items', 1, 'section'], /about a named person and cannot be shared without names/],
  // Purpose, form, relation
  ['a purpose that is not known', figures({ purpose: 'curiosity' }), 'fault', ['clauses', 0, 'purpose'], /no purpose called "curiosity"/],
  ['names for a purpose that needs none', help({ purpose: 'evaluation' }), 'fault', ['clauses', 1, 'form'], /reached with figures that name nobody/],
  ['a relation to people who are not named', figures({ relation: 'member' }), 'fault', ['clauses', 0, 'relation'], /Choose no relation/],
  // Law
  ['a power that is not known', figures({ powers: [...figuresClause.powers, 'divine-right'] }), 'fault', ['clauses', 0, 'powers', 4], /no legal power called "divine-right"/],
  ['no lawful basis', figures({ powers: without(figuresClause.powers, 'article-6-1-e') }), 'fault', ['clauses', 0, 'powers'], /no lawful basis under article 6/],
  ['a public task that no law gives', figures({ powers: without(figuresClause.powers, 'crime-and-disorder-1998-115') }), 'fault', ['clauses', 0, 'powers', 0], /needs the statute that gives the task or duty or a common law power beside it/],
  ['a condition of article 9 that stands alone', figures({ powers: without(figuresClause.powers, 'article-6-1-e') }), 'fault', ['clauses', 0, 'powers', 0], /article 9\(2\)\(g\).* does not stand alone/],
  ['data on health without a condition', figures({ powers: without(figuresClause.powers, 'article-9-2-g-statutory') }), 'fault', ['clauses', 0, 'powers'], /data on health .*police-incident\/opening_code.* names no condition/],
  ['data on offences without a condition', figures({ powers: without(figuresClause.powers, 'article-10-statutory') }), 'fault', ['clauses', 0, 'powers'], /data on criminal offences .* names no condition/],
  ['law enforcement without a basis in Part 3', figures({ purpose: 'prevent-crime' }), 'fault', ['clauses', 0, 'powers'], /no basis under Part 3/],
  ['law enforcement by bodies that are no competent authority', figures({ purpose: 'prevent-crime', powers: ['part-3-task', 'part-3-sensitive-statutory', 'common-law-policing'] }), 'fault', ['clauses', 0, 'purpose'], /which Violence reduction unit is not/],
  ['sensitive processing for law enforcement without a condition', figures({ purpose: 'prevent-crime', powers: ['part-3-task', 'common-law-policing'] }), 'fault', ['clauses', 0, 'powers'], /a condition under Schedule 8/],
  ['a condition of another part of the law', figures({ powers: [...figuresClause.powers, 'part-3-task'] }), 'fault', ['clauses', 0, 'powers', 4], /belongs to another part of the law/],
  ['a power that is not known to be in force', help({ powers: [...helpClause.powers, 'children-2004-16la'] }), 'fault', ['clauses', 1, 'powers', 5], /section 16LA is not known to be in force/],
  ['a power that begins after the agreement', figures({}), 'fault', ['clauses', 0, 'powers', 3], /in force only from 1 January 2027/, withPower('crime-and-disorder-1998-115', { inForceFrom: '2027-01-01' })],
  ['a power that ended before the agreement', figures({}), 'fault', ['clauses', 0, 'powers', 3], /ended on 31 October 2026/, withPower('crime-and-disorder-1998-115', { inForceTo: '2026-10-31' })],
  ['a power that ends before the agreement does', figures({}), 'warning', ['clauses', 0, 'powers', 3], /ends on 31 March 2027, before the agreement does/, withPower('crime-and-disorder-1998-115', { inForceTo: '2027-03-31' })],
  ['health data under the serious violence duty', withParty('hospital', figures({ from: ['hospital'], items: [{ feed: 'istv-assault', fields: 'all' }], powers: ['article-6-1-e', 'article-9-2-g-statutory', 'article-10-statutory', 'serious-violence-2022-16'] })), 'fault', ['clauses', 0, 'powers', 3], /section 16 .*does not reach istv-assault\//],
  ['personal data of social care under the serious violence duty', withParty('social-care', figures({ from: ['social-care'], items: [{ feed: 'social-care-contact', fields: ['received_on'] }], powers: ['article-6-1-e', 'serious-violence-2022-16'] })), 'fault', ['clauses', 0, 'powers', 1], /does not reach social-care-contact\/received_on/],
  ['health data that another gateway reaches', withParty('hospital', figures({ from: ['hospital'], items: [{ feed: 'istv-assault', fields: 'all' }], powers: [...figuresClause.powers, 'serious-violence-2022-16'] })), 'warning', ['clauses', 0, 'powers', 4], /these rest on the other powers/],
  ['confidential health records with nothing that lifts the duty', withParty('treatment', help({ from: ['treatment'], items: [{ feed: 'treatment-episode', fields: ['substance', 'surname'] }] })), 'warning', ['clauses', 1, 'powers'], /held in confidence \(treatment-episode\/substance and treatment-episode\/surname\)/],
  ['a condition that holds only without consent, beside consent', help({ powers: [...helpClause.powers, 'common-law-consent'] }), 'warning', ['clauses', 1, 'powers', 1], /paragraph 18 .* holds only where consent cannot be had or asked, and the clause rests on it too \(Common law duty of confidentiality: consent/],
  // Term
  ['an end before the start', sampleContent({ endsOn: '2026-10-31' }), 'fault', ['endsOn'], /last day lies before the first/],
  ['a term longer than the longest', sampleContent({ endsOn: '2031-11-01' }), 'fault', ['endsOn'], /longer than 5 years/],
  ['a last day that is over', sampleContent({ startsOn: '2025-01-01', reviewOn: '2025-06-01', endsOn: '2026-11-27' }), 'fault', ['endsOn'], /27 November 2026, is over/],
  ['a review before the start', sampleContent({ reviewOn: '2026-10-01' }), 'fault', ['reviewOn'], /before the first day/],
  ['a review after the end', sampleContent({ reviewOn: '2027-11-01' }), 'fault', ['reviewOn'], /after the last day/],
  ['a review that comes late', sampleContent({ reviewOn: '2029-03-01', endsOn: '2030-10-31' }), 'warning', ['reviewOn'], /more than 2 years/],
  ['a retention schedule that is not known', sampleContent({ retention: 'for-ever' }), 'fault', ['retention'], /no retention schedule called "for-ever"/],
  // Contradiction within
  ['two clauses that give the same under different relations', sampleContent({ clauses: [figuresClause, helpClause, { ...helpClause, relation: 'lead' }] }), 'warning', ['clauses', 2, 'relation'], /Clauses 2 and 3 give early-help-episode\/needs .*\(member and lead\)/],
];

describe('checkAgreement', () => {
  it('finds nothing in the small sample, nor in the templates', () => {
    expect(checkAgreement(sampleContent(), { packs, today: '2026-11-28' })).toEqual([]);
    for (const template of packs.templates.values()) expect(checkAgreement(contentFromTemplate(template, '2026-11-01'), { packs, today: '2026-11-28' }), template.code).toEqual([]);
  });

  it.each(cases)('finds %s', (_title, content, level, path, message, given = packs) => {
    const found = checkAgreement(content, { packs: given, today: '2026-11-28' });
    const finding = found.find((each) => message.test(each.message));
    expect(finding, found.map((each) => each.message).join('\n')).toMatchObject({ level, path });
    expect(finding!.message).toMatch(/\.$/);
    expect(hasFault(found)).toBe(found.some((each) => each.level === 'fault'));
  });

  it('allows the longest term to the day', () => {
    expect(checkAgreement(sampleContent({ endsOn: '2031-10-31', reviewOn: '2027-03-01' }), { packs })).toEqual([]);
  });

  it('names faults before warnings', () => {
    const found = checkAgreement(withParty('housing', sampleContent({ retention: 'for-ever' })), { packs });
    expect(found.map(({ level }) => level)).toEqual(['fault', 'warning']);
  });

  it('lets Part 3 stand where police and probation alone share', () => {
    const two = { ...packs, agencies: new Map([...packs.agencies, ['probation', { code: 'probation', title: 'Probation', sector: 'probation' as const }]]) };
    const content = sampleContent({
      parties: [{ agency: 'police', role: 'controller', contact: 'x' }, { agency: 'probation', role: 'controller', contact: 'x' }],
      clauses: [{ ...figuresClause, purpose: 'prevent-crime', to: [{ agency: 'probation', roles: ['analyst'] }], powers: ['part-3-task', 'part-3-sensitive-statutory', 'common-law-policing'] }],
    });
    expect(checkAgreement(content, { packs: two })).toEqual([]);
  });
});

describe('against another agreement', () => {
  const other = (given: Partial<AgreementContent>) => [{ agreementId: 'a-2', content: sampleContent({ title: 'The other', ...given }) }];
  const found = (given: Partial<AgreementContent>) => checkAgreement(sampleContent({ title: 'Ours' }), { packs, others: other(given) });

  it('says nothing where both say the same', () => {
    expect(found({})).toEqual([]);
  });

  it.each([
    ['onward use', { onwardUse: 'same-purpose' }, /another onward use \(there same-purpose, here none\)/],
    ['retention', { retention: 'early-help' }, /another retention \(there early-help, here pseudonymised-picture\)/],
    ['relation', { clauses: [{ ...helpClause, relation: 'agency' }] }, /another relation \(there agency, here member\)/],
  ] as const)('warns of another %s, and names both', (_what, given, message) => {
    const findings = found(given as Partial<AgreementContent>);
    expect(findings.every(({ level }) => level === 'warning')).toBe(true);
    expect(findings.some((finding) => message.test(finding.message) && finding.message.includes('"Ours"') && finding.message.includes('"The other"'))).toBe(true);
  });

  it('says nothing where the other is for other people or another purpose', () => {
    expect(found({ onwardUse: 'same-purpose', clauses: [{ ...figuresClause, to: [{ agency: 'police', roles: ['analyst'] }] }] })).toEqual([]);
    expect(found({ onwardUse: 'same-purpose', clauses: [{ ...figuresClause, purpose: 'evaluation' }] })).toEqual([]);
  });
});

describe('parseAgreement', () => {
  it('says where a content is not one', () => {
    expect(parseAgreement({ ...sampleContent(), clauses: [{ ...figuresClause, form: 'named' }] })).toMatchObject({ findings: [{ level: 'fault', path: ['clauses', 0, 'form'] }] });
    expect(parseAgreement({ ...sampleContent(), secret: true })).toMatchObject({ findings: [{ level: 'fault' }] });
    expect(parseAgreement(null)).toMatchObject({ findings: [{ path: [] }] });
    expect(parseAgreement(sampleContent())).toEqual({ content: sampleContent() });
  });
});
