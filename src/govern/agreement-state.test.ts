import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement, AgreementEvent } from './agreement.ts';
import { compileGrants } from './agreement-grants.ts';
import { readAgreementPacks } from './agreement-packs.ts';
import { agreementStatus, newestVersion, versionSpans } from './agreement-state.ts';
import { addDays, endOfBritishDay, startOfBritishDay } from './british-day.ts';
import { sampleContent, signedAgreement } from './sample-content.fixture.ts';

const packs = readAgreementPacks(undefined);
const day = (iso: string) => startOfBritishDay(iso);
const october = Date.parse('2026-10-10T09:00:00Z');
const content = sampleContent();
const signed = signedAgreement([{ content, draftedAt: october, signedAt: october + 1000 }]);
const withEvents = (agreement: Agreement, ...events: AgreementEvent[]): Agreement => ({ ...agreement, events: [...agreement.events, ...events] });
const signature = (agency: string, version = 1, at = october): AgreementEvent => ({ kind: 'signed', version, agency, by: `signatory-${agency}`, at });

describe('agreementStatus', () => {
  const drafted = signedAgreement([{ content, draftedAt: october, signedAt: null }]);

  it('is a draft until somebody signs, then being signed until all have', () => {
    expect(agreementStatus(drafted, october)).toMatchObject({ state: 'draft', version: 1, missing: ['police', 'violence-reduction-unit', 'early-help'], from: null, to: null });
    const one = withEvents(drafted, signature('police'));
    expect(agreementStatus(one, october)).toMatchObject({ state: 'signing', missing: ['violence-reduction-unit', 'early-help'] });
    expect(agreementStatus(withEvents(one, signature('police')), october).missing).toEqual(['violence-reduction-unit', 'early-help']);
  });

  it('is agreed once all have signed, and live from the first moment of its first day', () => {
    expect(agreementStatus(signed, october + 1000)).toMatchObject({ state: 'agreed', missing: [], from: day('2026-11-01'), to: day('2027-11-01') });
    expect(agreementStatus(signed, day('2026-11-01') - 1).state).toBe('agreed');
    expect(agreementStatus(signed, day('2026-11-01'))).toMatchObject({ state: 'live', lapse: null });
  });

  it('holds through its last day and lapses at the first moment of the next', () => {
    expect(agreementStatus(signed, endOfBritishDay('2027-10-31') - 1).state).toBe('live');
    expect(agreementStatus(signed, endOfBritishDay('2027-10-31'))).toMatchObject({ state: 'lapsed', lapse: 'last-day', version: 1 });
  });

  it('is due for review from its review day on, while it is live', () => {
    expect(agreementStatus(signed, day('2027-03-01') - 1).reviewDue).toBe(false);
    expect(agreementStatus(signed, day('2027-03-01')).reviewDue).toBe(true);
    expect(agreementStatus(signed, day('2028-03-01')).reviewDue).toBe(false);
  });

  const february = day('2027-02-01');
  it.each([
    ['withdrawn', { kind: 'withdrawn', agency: 'police', by: 'signatory-police', at: february, reason: 'No longer needed' }],
    ['ended', { kind: 'ended', by: 'governance-lead-police', at: february, reason: 'Replaced' }],
  ] as const)('lapses at once when it is %s', (lapse, event) => {
    const over = withEvents(signed, event);
    expect(agreementStatus(over, february)).toMatchObject({ state: 'lapsed', lapse, version: 1, from: day('2026-11-01'), to: february });
    expect(versionSpans(over, february)[0]).toMatchObject({ to: february, end: lapse });
  });

  it('never began where a party withdrew before its first day', () => {
    const over = withEvents(signed, { kind: 'withdrawn', agency: 'police', by: 'signatory-police', at: october + 5000, reason: 'Second thoughts' });
    expect(agreementStatus(over, day('2026-12-01'))).toMatchObject({ state: 'lapsed', lapse: 'withdrawn', from: null, to: null });
  });

  it('counts nothing after an ending, nor a signature of a version that is no longer the newest', () => {
    const ended = withEvents(drafted, { kind: 'ended', by: 'x', at: october, reason: 'Not wanted' }, signature('police'), signature('violence-reduction-unit'), signature('early-help'));
    expect(agreementStatus(ended, day('2026-12-01'))).toMatchObject({ state: 'lapsed', lapse: 'ended', from: null });
    const redrafted = withEvents(drafted, { kind: 'drafted', version: 2, content, by: 'x', at: october }, signature('police'), signature('violence-reduction-unit'), signature('early-help'));
    expect(agreementStatus(redrafted, day('2026-12-01'))).toMatchObject({ state: 'draft', version: 2 });
  });

  it('a draft that nobody signed before its last day is over has lapsed', () => {
    expect(agreementStatus(drafted, endOfBritishDay('2027-10-31'))).toMatchObject({ state: 'lapsed', lapse: 'last-day', from: null });
  });
});

describe('a new version', () => {
  const march = Date.parse('2027-03-05T10:00:00Z');
  const two = (given = {}, signedAt: number | null = march) => signedAgreement([{ content, draftedAt: october, signedAt: october }, { content: sampleContent(given), draftedAt: march - 1000, signedAt }]);

  it('leaves the one in force as it is until the last party signs', () => {
    expect(agreementStatus(two({}, null), march)).toMatchObject({ state: 'live', version: 1, missing: ['police', 'violence-reduction-unit', 'early-help'] });
  });

  it('takes its place at that moment', () => {
    expect(agreementStatus(two(), march)).toMatchObject({ state: 'live', version: 2, missing: [], from: march });
    expect(versionSpans(two(), march).map(({ version, from, to, end }) => ({ version, from, to, end }))).toEqual([
      { version: 1, from: day('2026-11-01'), to: march, end: 'superseded' },
      { version: 2, from: march, to: day('2027-11-01'), end: 'last-day' },
    ]);
  });

  it('takes its place on its first day where that lies ahead, so that nothing goes dark between', () => {
    const later = two({ startsOn: '2027-06-01' });
    expect(agreementStatus(later, march)).toMatchObject({ state: 'live', version: 1, to: day('2027-06-01') });
    expect(agreementStatus(later, day('2027-06-01'))).toMatchObject({ state: 'live', version: 2 });
  });

  it('can renew an agreement whose last day is over', () => {
    const late = signedAgreement([{ content, draftedAt: october, signedAt: october }, { content: sampleContent({ endsOn: '2028-10-31' }), draftedAt: day('2027-12-01'), signedAt: day('2027-12-10') }]);
    expect(agreementStatus(late, day('2027-12-05')).state).toBe('live');
    expect(agreementStatus({ ...late, events: late.events.slice(0, 5) }, day('2027-12-05'))).toMatchObject({ state: 'lapsed', lapse: 'last-day', version: 1, missing: ['police', 'violence-reduction-unit', 'early-help'] });
    expect(agreementStatus(late, day('2027-12-10'))).toMatchObject({ state: 'live', version: 2 });
  });
});

/** Histories as a register lets them come about: drafts, signatures of parties and an ending, at times that may also go back. */
const histories = fc
  .array(fc.record({ kind: fc.constantFrom('drafted', 'signed', 'signed', 'signed', 'signed', 'withdrawn', 'ended'), agency: fc.constantFrom('police', 'violence-reduction-unit'), start: fc.integer({ min: -40, max: 60 }), length: fc.integer({ min: 0, max: 80 }), pause: fc.integer({ min: -5, max: 20 }) }), { maxLength: 14 })
  .map((steps): Agreement => {
    let [at, version] = [october, 1];
    const dated = (start: number, length: number) => sampleContent({ parties: content.parties.slice(0, 2), clauses: [content.clauses[0]!], startsOn: addDays('2026-10-10', start), endsOn: addDays('2026-10-10', start + length) });
    const events: AgreementEvent[] = [{ kind: 'drafted', version: 1, content: dated(0, 30), by: 'x', at }];
    for (const { kind, agency, start, length, pause } of steps) {
      at += pause * 86_400_000;
      if (kind === 'drafted') events.push({ kind, version: (version += 1), content: dated(start, length), by: 'x', at });
      else if (kind === 'signed') events.push({ kind, version, agency, by: 'x', at });
      else if (kind === 'withdrawn' && events.length > 8) events.push({ kind, agency, by: 'x', at, reason: 'Enough' });
    }
    return { agreementId: 'a-1', events };
  });
const moments = fc.integer({ min: -60, max: 250 }).map((days) => october + days * 43_200_000);

describe('for any history and any moment', () => {
  it('an agreement is live exactly where one version holds, and its grants say the same', () => {
    fc.assert(fc.property(histories, moments, (agreement, now) => {
      const status = agreementStatus(agreement, now);
      const holding = versionSpans(agreement, now).filter(({ from, to }) => from <= now && now < to);
      expect(holding.length).toBeLessThanOrEqual(1);
      expect(status.state === 'live').toBe(holding.length === 1);
      if (holding[0]) expect(status).toMatchObject({ version: holding[0].version, from: holding[0].from, to: holding[0].to });
      const given = compileGrants([agreement], { ...packs, now }).filter(({ from, to }) => from <= now && now < to);
      expect(new Set(given.map(({ version }) => version))).toEqual(new Set(holding.map(({ version }) => version)));
    }), { numRuns: 300 });
  });

  it('versions follow each other without overlap', () => {
    fc.assert(fc.property(histories, moments, (agreement, now) => {
      const spans = versionSpans(agreement, now);
      spans.forEach((span, index) => {
        expect(span.from).toBeLessThan(span.to);
        if (index > 0) expect(span.from).toBeGreaterThanOrEqual(spans[index - 1]!.to);
      });
    }), { numRuns: 300 });
  });

  it('an ending stays an ending, and nothing is given, wherever the clock stands', () => {
    fc.assert(fc.property(histories, moments, (agreement, now) => {
      const ended = { ...agreement, events: [...agreement.events, { kind: 'ended', by: 'x', at: october + 90 * 86_400_000, reason: 'Over' } as const] };
      expect(agreementStatus(ended, now).state).toBe('lapsed');
      expect(compileGrants([ended], { ...packs, now }).filter(({ from, to }) => from <= now && now < to)).toEqual([]);
    }), { numRuns: 200 });
  });

  it('a clock that is moved back takes no signature away', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), (minutes) => {
      const late = signedAgreement([{ content: sampleContent({ startsOn: '2026-10-01' }), draftedAt: october, signedAt: october }]);
      const now = october - minutes * 60_000;
      expect(agreementStatus(late, Math.max(now, day('2026-10-01')))).toMatchObject({ state: 'live', missing: [] });
    }));
  });

  it('a version that not all have signed gives nothing', () => {
    fc.assert(fc.property(histories, moments, (agreement, now) => {
      const newest = newestVersion(agreement);
      const { missing } = agreementStatus(agreement, now);
      if (missing.length > 0) expect(compileGrants([agreement], { ...packs, now }).some(({ version }) => version === newest.version)).toBe(false);
    }), { numRuns: 200 });
  });
});
