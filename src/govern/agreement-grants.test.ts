import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decide } from './access-decision.ts';
import { compileGrants } from './agreement-grants.ts';
import { readAgreementPacks } from './agreement-packs.ts';
import { startOfBritishDay } from './british-day.ts';
import { indexGrants, type GrantIndex } from './grant-index.ts';
import type { LegalPower } from './legal-power.ts';
import { figuresClause, helpClause, sampleContent, signedAgreement } from './sample-content.fixture.ts';

const packs = readAgreementPacks(undefined);
const day = startOfBritishDay;
const october = Date.parse('2026-10-10T09:00:00Z');
const now = Date.parse('2026-11-28T09:00:00Z');
const grantsOf = (content = sampleContent(), sources: Partial<typeof packs> = {}) => compileGrants([signedAgreement([{ content, draftedAt: october, signedAt: october }])], { ...packs, ...sources, now });
const withForce = (code: string, force: Pick<LegalPower, 'inForceFrom' | 'inForceTo'>) => ({ powers: new Map([...packs.powers].map(([each, power]) => [each, each === code ? { ...power, ...force } : power])) });

describe('compileGrants', () => {
  it('writes a row for each reader and item, from the first day and before the day after the last', () => {
    const rows = grantsOf(sampleContent({ clauses: [{ ...figuresClause, items: [{ feed: 'police-incident', fields: ['closing_code', 'outcome'] }] }] }));
    const row = { agreementId: 'a-000000000001', version: 1, clause: 1, agency: 'violence-reduction-unit', role: 'analyst', purpose: 'understand-demand', holder: 'police', form: 'pseudonymised', relation: 'none', from: day('2026-11-01'), to: day('2027-11-01'), endedBy: 'agreement' };
    expect(rows).toEqual([{ ...row, item: 'police-incident/closing_code' }, { ...row, item: 'police-incident/outcome' }]);
  });

  it('gives for "all" every field, and without names those that identify nobody', () => {
    const fields = packs.feeds.get('police-incident')!.columns;
    const items = (form: 'pseudonymised' | 'identified') => grantsOf(sampleContent({ clauses: [{ ...figuresClause, form }] })).map(({ item }) => item.split('/')[1]);
    expect(items('identified')).toEqual(fields.map(({ name }) => name));
    expect(items('pseudonymised')).toEqual(fields.filter(({ identifying }) => !identifying).map(({ name }) => name));
    expect(items('pseudonymised')).not.toContain('summary');
    expect(items('pseudonymised')).toContain('closing_code');
  });

  it('gives no field that identifies in pseudonymised form, even where it is named', () => {
    expect(grantsOf(sampleContent({ clauses: [{ ...figuresClause, items: [{ feed: 'police-incident', fields: ['summary'] }] }] }))).toEqual([]);
  });

  it('gives a feed under its own holder alone, and nothing where the clause does not name that agency', () => {
    const clause = { ...figuresClause, from: ['police', 'early-help'] };
    expect(new Set(grantsOf(sampleContent({ clauses: [clause] })).map(({ holder }) => holder))).toEqual(new Set(['police']));
    expect(grantsOf(sampleContent({ clauses: [{ ...clause, from: ['early-help'] }] }))).toEqual([]);
  });

  it('gives a section of the cases of every agency that the clause names', () => {
    const rows = grantsOf(sampleContent({ clauses: [{ ...helpClause, from: ['early-help', 'police'], items: [{ section: 'plan' }], to: [{ agency: 'early-help', roles: ['lead-practitioner'] }] }] }));
    expect(rows.map(({ holder, item }) => [holder, item])).toEqual([['early-help', 'case/plan'], ['police', 'case/plan']]);
  });

  it('writes what is named twice once', () => {
    const once = grantsOf(sampleContent({ clauses: [figuresClause] }));
    const twice = { ...figuresClause, items: [...figuresClause.items, { feed: 'police-incident', fields: ['outcome'] }], to: [...figuresClause.to, ...figuresClause.to] };
    expect(grantsOf(sampleContent({ clauses: [twice] }))).toEqual(once);
  });

  const first = { clauses: [figuresClause] };
  it('ends with a power that ends first, and says so', () => {
    const rows = grantsOf(sampleContent(first), withForce('article-6-1-e', { inForceFrom: '2021-01-01', inForceTo: '2027-03-31' }));
    expect(new Set(rows.map(({ from, to, endedBy }) => [from, to, endedBy].join()))).toEqual(new Set([[day('2026-11-01'), day('2027-04-01'), 'power'].join()]));
  });

  it('begins with a power that begins later', () => {
    const rows = grantsOf(sampleContent(first), withForce('article-6-1-e', { inForceFrom: '2027-01-10', inForceTo: null }));
    expect(rows[0]).toMatchObject({ from: day('2027-01-10'), to: day('2027-11-01'), endedBy: 'agreement' });
  });

  it.each([
    ['has not begun', withForce('article-6-1-e', { inForceFrom: null, inForceTo: null })],
    ['begins after the end', withForce('article-6-1-e', { inForceFrom: '2028-01-01', inForceTo: null })],
    ['ended before the start', withForce('article-6-1-e', { inForceFrom: '2021-01-01', inForceTo: '2026-10-31' })],
    ['is not in the pack', { powers: new Map([...packs.powers].filter(([code]) => code !== 'article-6-1-e')) }],
  ])('holds for no moment where a power %s, and says that it is the power', (_case, sources) => {
    const rows = grantsOf(sampleContent(first), sources);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ from, to, endedBy }) => from === to && endedBy === 'power')).toBe(true);
  });

  it('opens what stands on section 16LA of the Children Act 2004 on the day that a local pack gives it, and not a moment before', () => {
    const local = mkdtempSync(join(tmpdir(), 'packs-'));
    try {
      const shipped = readFileSync(new URL('../../packs/legal-powers.yaml', import.meta.url), 'utf8');
      const dated = shipped.replace(/(citation: "Children Act 2004, section 16LA".*?inForceFrom: )null/, '$12027-04-06');
      expect(dated).not.toBe(shipped);
      writeFileSync(join(local, 'legal-powers.yaml'), dated);
      const content = sampleContent({ clauses: [{ ...helpClause, powers: [...helpClause.powers, 'children-2004-16la'], items: [{ section: 'plan' }], to: [{ agency: 'early-help', roles: ['lead-practitioner'] }] }] });
      const may = (index: GrantIndex, at: number) => decide(index, { who: { userId: 'u', role: 'lead-practitioner', agency: 'early-help' }, relation: 'lead', purpose: helpClause.purpose, item: { key: 'case/plan', form: 'identified', holder: helpClause.from[0]! }, subject: null, at });
      const opened = day('2027-04-06');
      const [undated, given] = [packs, readAgreementPacks(local)].map((from) => indexGrants(grantsOf(content, { powers: from.powers })));
      expect([may(given!, opened), may(given!, day('2027-10-31'))]).toMatchObject([{ allowed: true, by: 'clause' }, { allowed: true, by: 'clause' }]);
      expect([may(given!, opened - 1), may(given!, day('2027-04-05'))]).toMatchObject([{ allowed: false, reason: 'not-yet' }, { allowed: false, reason: 'not-yet' }]);
      expect(may(undated!, opened)).toMatchObject({ allowed: false });
    } finally {
      rmSync(local, { recursive: true, force: true });
    }
  });

  it('keeps what lapsed, with its end', () => {
    const over = signedAgreement([{ content: sampleContent(first), draftedAt: october, signedAt: october }], [{ kind: 'ended', by: 'x', at: now - 1000, reason: 'Over' }]);
    const rows = compileGrants([over], { ...packs, now });
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.every(({ to, endedBy }) => to === now - 1000 && endedBy === 'agreement')).toBe(true);
  });

  it('gives nothing for feeds, fields and sections that the packs do not have', () => {
    expect(grantsOf(sampleContent({ clauses: [{ ...figuresClause, items: [{ feed: 'weather', fields: 'all' }, { feed: 'police-incident', fields: ['mood'] }, { section: 'gossip' }] }] }))).toEqual([]);
  });
});
