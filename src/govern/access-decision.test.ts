import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { roles, type Role } from '../core/index.ts';
import { productPacks } from '../store/index.ts';
import { decide, decisionRows, forms, indexGrants, meansScore, relations, type AccessRequest, type Decision, type Grant, type Refusal, type Relation } from './index.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-12-01T12:00:00Z');
const hour = 60 * 60 * 1000;

const grant = (over: Partial<Grant> = {}): Grant => ({
  agreementId: 'a1', version: 1, clause: 1, agency: 'early-help', role: 'hub-coordinator', purpose: 'early-help', holder: 'police', item: 'case/worries', form: 'identified', relation: 'member',
  from: now - 30 * day, to: now + 30 * day, endedBy: 'agreement', ...over,
});
interface Over extends Partial<Omit<AccessRequest, 'who' | 'item'>> {
  who?: Partial<AccessRequest['who']>;
  item?: Partial<AccessRequest['item']>;
}
const subject = (over: object = {}) => ({ sealed: false, keeper: false, brokenUntil: null, ...over });
const request = (over: Over = {}): AccessRequest => ({
  relation: 'lead', purpose: 'early-help', subject: subject(), at: now, ...over,
  who: { userId: 'u1', role: 'hub-coordinator', agency: 'early-help', ...over.who },
  item: { key: 'case/worries', form: 'identified', holder: 'police', ...over.item },
});
const answer = (grants: Grant[], over?: Over, isOpen?: (feed: string) => boolean) => decide(indexGrants(grants, { isOpen }), request(over));
const clause = { agreementId: 'a1', version: 1, clause: 1 };

describe('each row of the decision', () => {
  /** For each row, cases that it answers; each is one change away from a request that is allowed. */
  const cases: Record<(typeof decisionRows)[number]['name'], () => void> = {
    'score-of-a-person': () => {
      for (const key of ['case/ace-count', 'early-help-episode/risk_score', 'case/predicted-risk']) {
        const given = [grant({ item: key }), grant({ item: key, form: 'pseudonymised', relation: 'none', holder: 'public' })];
        expect(answer(given, { item: { key } })).toEqual({ allowed: false, reason: 'score-of-a-person' });
        expect(answer(given, { item: { key, form: 'pseudonymised', holder: 'public' }, subject: null })).toMatchObject({ reason: 'score-of-a-person' });
      }
    },
    sealed: () => {
      expect(answer([grant()], { subject: subject({ sealed: true }) })).toEqual({ allowed: false, reason: 'sealed' });
      expect(answer([grant()], { subject: subject({ sealed: true, brokenUntil: now + hour }) })).toEqual({ allowed: false, reason: 'sealed' });
      expect(answer([grant()], { subject: subject({ sealed: true, keeper: true }) })).toMatchObject({ allowed: true });
    },
    'open-data': () => {
      const open: Over = { purpose: null, relation: 'none', subject: null, item: { key: 'police-uk-street/month', form: 'pseudonymised' } };
      expect(answer([], open, (feed) => feed === 'police-uk-street')).toEqual({ allowed: true, by: 'open-data' });
      expect(answer([], { ...open, item: { ...open.item, holder: 'public' } })).toEqual({ allowed: true, by: 'open-data' });
      expect(answer([], open, (feed) => feed === 'police-uk')).toMatchObject({ reason: 'no-purpose' });
      expect(answer([], { ...open, item: { ...open.item, form: 'identified' } }, () => true)).toMatchObject({ reason: 'no-purpose' });
      expect(answer([], { ...open, item: { key: 'case/worries', form: 'pseudonymised', holder: 'public' } }, () => true)).toMatchObject({ reason: 'no-purpose' });
    },
    'no-purpose': () => expect(answer([grant()], { purpose: null })).toEqual({ allowed: false, reason: 'no-purpose' }),
    clause: () => {
      expect(answer([grant()])).toEqual({ allowed: true, by: 'clause', clause });
      expect(answer([grant({ to: Infinity })], { at: now + 1000 * day })).toMatchObject({ allowed: true });
      expect(answer([grant()], { at: now - 30 * day })).toMatchObject({ allowed: true });
    },
    'broken-glass': () => {
      const broken = { subject: subject({ brokenUntil: now + hour }) };
      expect(answer([], broken)).toEqual({ allowed: true, by: 'broken-glass', until: now + hour });
      expect(answer([grant()], broken)).toMatchObject({ by: 'clause' });
      expect(answer([], { subject: subject({ brokenUntil: now }) })).toMatchObject({ allowed: false });
      expect(answer([], { subject: subject({ brokenUntil: now + 3 * hour }) })).toMatchObject({ allowed: false });
      expect(answer([], { ...broken, item: { form: 'pseudonymised' } })).toMatchObject({ allowed: false });
      expect(roles.filter((role) => answer([], { ...broken, who: { role } }).allowed)).toEqual(['referrer', 'hub-coordinator', 'lead-practitioner']);
    },
    'no-agreement': () => {
      expect(answer([])).toEqual({ allowed: false, reason: 'no-agreement' });
      expect(answer([grant()], { who: { agency: 'police' }, item: { holder: 'housing' } })).toEqual({ allowed: false, reason: 'no-agreement' });
      expect(answer([grant({ holder: 'police' })], { who: { agency: 'early-help' }, item: { holder: 'early-help' } })).toEqual({ allowed: false, reason: 'no-agreement' });
    },
    'not-recipient': () => {
      expect(answer([grant()], { who: { agency: 'housing' } })).toEqual({ allowed: false, reason: 'not-recipient', clause });
      expect(answer([grant()], { who: { role: 'analyst' } })).toEqual({ allowed: false, reason: 'not-recipient', clause });
    },
    'not-for-purpose': () => expect(answer([grant()], { purpose: 'evaluation' })).toEqual({ allowed: false, reason: 'not-for-purpose', clause }),
    'not-this-item': () => expect(answer([grant()], { item: { key: 'case/health' } })).toEqual({ allowed: false, reason: 'not-this-item', clause }),
    'not-in-this-form': () => expect(answer([grant()], { item: { form: 'pseudonymised' } })).toEqual({ allowed: false, reason: 'not-in-this-form', clause }),
    'relation-needed': () => {
      expect(answer([grant()], { relation: 'agency' })).toEqual({ allowed: false, reason: 'relation-needed', clause });
      const ladder = (needed: Relation) => relations.filter((relation) => answer([grant({ relation: needed })], { relation }).allowed);
      expect(relations.map(ladder)).toEqual([['none', 'agency', 'member', 'lead'], ['agency', 'member', 'lead'], ['member', 'lead'], ['lead']]);
    },
    lapsed: () => expect(answer([grant()], { at: now + 30 * day })).toEqual({ allowed: false, reason: 'lapsed', clause }),
    'power-not-in-force': () => expect(answer([grant({ endedBy: 'power' })], { at: now + 30 * day })).toEqual({ allowed: false, reason: 'power-not-in-force', clause }),
    'not-yet': () => expect(answer([grant()], { at: now - 30 * day - 1 })).toEqual({ allowed: false, reason: 'not-yet', clause }),
  };
  for (const [name, check] of Object.entries(cases)) it(`${name} answers where its condition holds`, check);

  it('has its cases here, every one', () => expect(Object.keys(cases)).toEqual(decisionRows.map(({ name }) => name)));
});

describe('the clause that is named', () => {
  it('is the one that lasts longest, whatever order the grants came in', () => {
    const grants = [grant({ agreementId: 'b', to: now + 5 }), grant({ agreementId: 'c', to: now + 50 * day }), grant({ agreementId: 'a', to: now + 50 * day }), grant({ agreementId: 'd', relation: 'lead', from: now + 1, to: Infinity })];
    for (const order of [grants, grants.toReversed()]) expect(answer(order)).toMatchObject({ clause: { agreementId: 'a' } });
  });

  it('is of the agreement that ended last, where it lapsed', () => {
    expect(answer([grant({ agreementId: 'old', to: now - 9 * day }), grant({ agreementId: 'new', to: now - day })])).toMatchObject({ reason: 'lapsed', clause: { agreementId: 'new' } });
  });

  it('is of a live agreement where a lapsed one asked for the same relation', () => {
    expect(answer([grant({ agreementId: 'old', to: now - day, from: 0 }), grant({ agreementId: 'live' })], { relation: 'none' })).toMatchObject({ reason: 'relation-needed', clause: { agreementId: 'live' } });
  });
});

/** The same rules written anew, slowly and without the code above: the first sentence that holds. */
function oracle(grants: readonly Grant[], asked: AccessRequest, score: boolean, open: boolean): { allowed: boolean; reason: Refusal | 'clause' | 'open-data' | 'broken-glass' } {
  const { who, item, purpose, at } = asked;
  const no = (reason: Refusal) => ({ allowed: false, reason });
  if (score) return no('score-of-a-person');
  if (asked.subject?.sealed === true && asked.subject.keeper === false) return no('sealed');
  if (open && item.form === 'pseudonymised') return { allowed: true, reason: 'open-data' };
  if (purpose === null) return no('no-purpose');
  const rank = { none: 0, agency: 1, member: 2, lead: 3 };
  let left = [...grants];
  const steps: [Refusal, (g: Grant) => boolean][] = [
    ['no-agreement', (g) => g.holder === item.holder],
    ['not-recipient', (g) => g.agency === who.agency && g.role === who.role],
    ['not-for-purpose', (g) => g.purpose === purpose],
    ['not-this-item', (g) => g.item === item.key],
    ['not-in-this-form', (g) => g.form === item.form],
    ['relation-needed', (g) => rank[g.relation] <= rank[asked.relation]],
  ];
  let short: Refusal | undefined;
  for (const [reason, keeps] of steps) {
    left = left.filter(keeps);
    if (left.length === 0) {
      short = reason;
      break;
    }
  }
  if (!short) {
    if (left.some((g) => g.from <= at && at < g.to)) return { allowed: true, reason: 'clause' };
    const ended = left.filter((g) => g.to <= at).sort((a, b) => b.to - a.to);
    short = ended.length === 0 ? 'not-yet' : ended[0]!.endedBy === 'power' ? 'power-not-in-force' : 'lapsed';
  }
  const until = asked.subject?.brokenUntil ?? 0;
  const opens = item.form === 'identified' && until > at && until <= at + 2 * hour && ['hub-coordinator', 'lead-practitioner', 'referrer'].includes(who.role);
  return opens ? { allowed: true, reason: 'broken-glass' } : no(short);
}
const said = (decision: Decision) => ({ allowed: decision.allowed, reason: decision.allowed ? decision.by : decision.reason });

describe('the decision and the rules written anew', () => {
  const agencies = ['early-help', 'police', 'housing'];
  const purposes = ['early-help', 'evaluation', null];
  const items = [
    { key: 'case/worries', holder: 'police' },
    { key: 'school-roll/year', holder: 'education' },
    { key: 'police-uk-street/month', holder: 'police' },
    { key: 'case/ace-count', holder: 'police' },
  ];
  const isOpen = (feed: string) => feed === 'police-uk-street';
  const states: Record<string, Grant[]> = {
    none: [],
    live: [grant(), grant({ item: 'school-roll/year', holder: 'education', form: 'pseudonymised', relation: 'none', role: 'analyst', agency: 'police' })],
    'live until a power ends': [grant({ endedBy: 'power', to: now })],
    agreed: [grant({ from: now + 1 })],
    lapsed: [grant({ to: now }), grant({ item: 'case/ace-count' })],
    'superseded by a version that asks for more': [grant({ to: now }), grant({ version: 2, relation: 'lead', from: now })],
  };
  const subjects = [null, subject(), subject({ brokenUntil: now + 1 }), subject({ brokenUntil: now }), subject({ sealed: true, brokenUntil: now + hour }), subject({ sealed: true, keeper: true })];

  for (const [state, grants] of Object.entries(states)) {
    it(`agree over role × agency × relation × purpose × item × form × subject, agreement ${state}`, () => {
      const index = indexGrants(grants, { isOpen });
      let count = 0;
      for (const role of roles) for (const agency of agencies) for (const relation of relations) for (const purpose of purposes) for (const item of items) for (const form of forms) for (const about of subjects) {
        const asked = request({ who: { role, agency }, relation, purpose, item: { ...item, form }, subject: about });
        const expected = oracle(grants, asked, item.key === 'case/ace-count', item.key === 'police-uk-street/month');
        const got = said(decide(index, asked));
        if (got.allowed !== expected.allowed || got.reason !== expected.reason) expect({ asked, got }).toEqual({ asked, got: expected });
        count += 1;
      }
      expect(count).toBe(roles.length * 3 * 4 * 3 * 4 * 2 * 6);
    });
  }

  it('agree over random registers', () => {
    const pick = <T>(...of: T[]) => fc.constantFrom(...of);
    const role = pick<Role>('analyst', 'hub-coordinator', 'referrer');
    const agency = pick('a', 'b', 'public');
    const key = pick('case/x', 'f/y', 'f/z', 'constructor', '__proto__');
    const time = pick(0, 1, 2, 3, Infinity);
    const anyGrant: fc.Arbitrary<Grant> = fc.record({
      agreementId: pick('m', 'n'), version: pick(1, 2), clause: pick(1, 2), agency, role, purpose: pick('p', 'q'), holder: agency, item: key, form: fc.constantFrom(...forms), relation: fc.constantFrom(...relations),
      from: time, to: time, endedBy: pick('agreement' as const, 'power' as const),
    });
    const anyRequest: fc.Arbitrary<AccessRequest> = fc.record({
      who: fc.record({ userId: pick('u'), role, agency }), relation: fc.constantFrom(...relations), purpose: pick('p', 'q', null), item: fc.record({ key, form: fc.constantFrom(...forms), holder: agency }),
      subject: fc.option(fc.record({ sealed: fc.boolean(), keeper: fc.boolean(), brokenUntil: pick(null, 1, 2, 3 * hour) })), at: pick(0, 1, 2, 3),
    });
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 30 }), anyRequest, (grants, asked) => {
        const open = !asked.item.key.startsWith('case/') && asked.item.holder === 'public';
        const got = decide(indexGrants(grants), asked);
        expect(said(got)).toEqual(oracle(grants, asked, false, open));
        if (got.allowed && got.by === 'clause') expect(grants).toContainEqual(expect.objectContaining({ ...got.clause, agency: asked.who.agency, item: asked.item.key }));
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
});

describe('a score of a person', () => {
  it('is known by its words, however they are joined', () => {
    const scores = ['case/ace-count', 'x/ACE_Score', 'x/aceCount', 'x/aces', 'x/ace4plus', 'x/ACEs4', 'case/adverse-childhood-experiences', 'x/adverseExperiencesTotal', 'x/risk score', 'x/riskScore', 'x/predicted_harm', 'x/propensity', 'x/OGRS3', 'x/probability_of_reoffending', 'case/vulnerability-index', 'x/trauma_score', 'childhood adversity'];
    expect(scores.filter((key) => !meansScore(key))).toEqual([]);
  });

  it('is not seen in facts, places, and words of people', () => {
    const facts = ['area-profile/IMD_score', 'case/worries', 'case/strengths', 'x/place', 'x/surface', 'x/risk_assessment_date', 'school-roll/attendance_rate', 'x/harm', 'x/level', 'x/deprivation_score', 'x/pace'];
    expect(facts.filter(meansScore)).toEqual([]);
  });

  it('is in no column of a feed', () => {
    const files = readdirSync(join(productPacks, 'feeds'));
    const columns = files.flatMap((file) => {
      const feed = parse(readFileSync(join(productPacks, 'feeds', file), 'utf8')) as { feed: string; columns: { name: string }[] };
      return feed.columns.map(({ name }) => `${feed.feed}/${name}`);
    });
    expect(columns.length).toBeGreaterThan(200);
    expect(columns.filter(meansScore)).toEqual([]);
  });
});
