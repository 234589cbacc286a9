// What state an agreement is in, worked out from what was done to it. Its last day belongs to it: it lapses at the first moment of the next day in
// Britain. A new version takes the place of the old one at the moment when the last party signs it, or on its own first day where that lies ahead.
// What was recorded has happened: a clock that is moved back changes nothing of it.

import type { Agreement, AgreementContent, AgreementEvent, AgreementStatus } from './agreement.ts';
import { endOfBritishDay, startOfBritishDay } from './british-day.ts';

/** A version that all parties signed, and the time for which it holds: from, and before to. */
export interface VersionSpan {
  version: number;
  content: AgreementContent;
  from: number;
  to: number;
  /** What ends it. */
  end: 'last-day' | 'withdrawn' | 'ended' | 'superseded';
}

type Drafted = Extract<AgreementEvent, { kind: 'drafted' }>;
type Ending = Extract<AgreementEvent, { kind: 'withdrawn' | 'ended' }>;

interface History {
  drafts: readonly Drafted[];
  /** By version: agencies that signed it, while it was the newest. */
  signatures: ReadonlyMap<number, ReadonlyMap<string, number>>;
  ending: Ending | undefined;
}

/** Times never go back from one event to the next, and none lies ahead of now. Nothing counts after an ending. */
function readHistory(agreement: Agreement, now: number): History {
  const drafts: Drafted[] = [];
  const signatures = new Map<number, Map<string, number>>();
  let latest = -Infinity;
  for (const event of agreement.events) {
    latest = Math.max(latest, event.at);
    const at = Math.min(latest, now);
    if (event.kind === 'drafted') {
      drafts.push({ ...event, at });
      signatures.set(event.version, new Map());
    } else if (event.kind === 'signed') {
      const newest = drafts.at(-1);
      const signed = signatures.get(event.version);
      if (newest?.version === event.version && signed && !signed.has(event.agency)) signed.set(event.agency, at);
    } else {
      return { drafts, signatures, ending: { ...event, at } };
    }
  }
  return { drafts, signatures, ending: undefined };
}

const missingOf = (content: AgreementContent, signed: ReadonlyMap<string, number> | undefined): string[] => content.parties.map(({ agency }) => agency).filter((agency) => !signed?.has(agency));

/** The moment at which all parties have signed and its first day has come; undefined where somebody has not. */
function effectOf({ version, content }: Drafted, signatures: History['signatures']): number | undefined {
  const signed = signatures.get(version)!;
  if (missingOf(content, signed).length > 0) return undefined;
  return Math.max(startOfBritishDay(content.startsOn), ...content.parties.map(({ agency }) => signed.get(agency)!));
}

/** The versions that hold, held or will hold, oldest first. A version whose time is empty is not among them. */
export function versionSpans(agreement: Agreement, now: number): VersionSpan[] {
  return spansOf(readHistory(agreement, now));
}

function spansOf({ drafts, signatures, ending }: History): VersionSpan[] {
  const signed = drafts.flatMap((draft) => {
    const from = effectOf(draft, signatures);
    return from === undefined ? [] : [{ draft, from }];
  });
  return signed.flatMap(({ draft: { version, content }, from }, index) => {
    const ends: Pick<VersionSpan, 'to' | 'end'>[] = [
      { to: endOfBritishDay(content.endsOn), end: 'last-day' },
      ...signed.slice(index + 1).map((later) => ({ to: later.from, end: 'superseded' as const })),
      ...(ending ? [{ to: ending.at, end: ending.kind }] : []),
    ];
    const first = ends.reduce((earliest, each) => (each.to < earliest.to ? each : earliest));
    return first.to > from ? [{ version, content, from, ...first }] : [];
  });
}

/** The newest version: the one that can be signed. */
export function newestVersion(agreement: Agreement): { version: number; content: AgreementContent } {
  const draft = agreement.events.findLast((event) => event.kind === 'drafted');
  if (!draft) throw new Error(`The agreement ${agreement.agreementId} has no version`);
  return { version: draft.version, content: draft.content };
}

/** Agencies that have signed a version. */
export function signedBy(agreement: Agreement, version: number): string[] {
  return [...(readHistory(agreement, Infinity).signatures.get(version)?.keys() ?? [])];
}

/**
 * The state of an agreement at a moment.
 *
 * @example
 * agreementStatus(agreement, clock.now()).state; // 'live'
 */
export function agreementStatus(agreement: Agreement, now: number): AgreementStatus {
  const history = readHistory(agreement, now);
  const { signatures, ending } = history;
  const newest = newestVersion(agreement);
  const spans = spansOf(history);
  const missing = missingOf(newest.content, signatures.get(newest.version));
  const status = (state: AgreementStatus['state'], at: Pick<VersionSpan, 'version' | 'content'> & Partial<VersionSpan>, lapse: AgreementStatus['lapse'] = null): AgreementStatus => ({
    state, version: at.version, content: at.content, missing, from: at.from ?? null, to: at.to ?? null, lapse,
    reviewDue: state === 'live' && now >= startOfBritishDay(at.content.reviewOn),
  });
  if (ending) return status('lapsed', spans.findLast(({ from }) => from <= now) ?? newest, ending.kind);
  const held = spans.find(({ from, to }) => from <= now && now < to);
  if (held) return status('live', held);
  const next = spans.find(({ from }) => from > now);
  if (next) return status('agreed', next);
  const past = spans.at(-1);
  if (past) return status('lapsed', past, 'last-day');
  if (now >= endOfBritishDay(newest.content.endsOn)) return status('lapsed', newest, 'last-day');
  return status(missing.length < newest.content.parties.length ? 'signing' : 'draft', newest);
}
