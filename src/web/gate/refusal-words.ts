// Why something cannot be seen, in plain words. An agreement is named only to people of its parties; whether data exist is never said.

import { roleTitles, type Session } from '../../core/index.ts';
import { agreementStatus, type Agreement, type AgreementContent, type ClauseRef } from '../../govern/index.ts';
import { presentDate } from '../frame/date-words.ts';
import type { Refused, Sight } from './sight.ts';
import type { Sharing } from './sharing.ts';

export interface RefusalContext {
  session: Session;
  sight: Sight;
  sharing: Sharing;
  /** The agreement of the nearest clause, where there is one. */
  agreement: Agreement | undefined;
}

export interface NamedAgreement {
  title: string;
  href: string;
}

const quoted = (title: string) => `“${title}”`;

/** "an analyst", "a board member". */
function oneOf({ role }: Session): string {
  const title = roleTitles[role].toLowerCase();
  return `${/^[aeiou]/.test(title) ? 'an' : 'a'} ${title}`;
}

function contentOf(agreement: Agreement, version: number): AgreementContent | undefined {
  return agreement.events.flatMap((event) => (event.kind === 'drafted' && event.version === version ? [event.content] : []))[0];
}

/** The agreement by name, where the reader's agency is one of its parties. */
export function nameAgreement({ sight, agreement }: RefusalContext, clause: ClauseRef | undefined): NamedAgreement | undefined {
  const content = agreement && clause ? contentOf(agreement, clause.version) : undefined;
  if (!content || !content.parties.some(({ agency }) => agency === sight.who.agency)) return undefined;
  return { title: content.title, href: `/govern/agreements/${encodeURIComponent(agreement!.agreementId)}` };
}

/** One sentence without a full stop at its end, to stand alone or after the name of a feed. */
export function refusalWords({ reason, clause }: Refused, context: RefusalContext): string {
  const named = nameAgreement(context, clause);
  const which = named ? `the agreement ${quoted(named.title)}` : 'the agreement';
  const { session, sight, sharing } = context;
  const purpose = sight.stated === null ? '' : quoted(sharing.purposes.get(sight.stated)?.title ?? sight.stated);
  switch (reason) {
    case 'no-purpose':
      return sight.purposes.length === 0 ? recipientWords(context) : 'you have not stated what you are doing';
    case 'no-agreement':
      return 'no agreement shares these data';
    case 'not-recipient':
      return recipientWords(context);
    case 'not-for-purpose':
      return `your purpose, ${purpose}, does not cover these data${named ? `; ${which} gives them for another` : ''}`;
    case 'not-this-item':
      return `${which} leaves these data out, or a part of them`;
    case 'not-in-this-form':
      return `${which} does not share these data as figures that name nobody, or not as records of named people`;
    case 'relation-needed':
      return `${which} gives these data only to people who work with the person`;
    case 'lapsed':
      return lapseWords(context, which, clause);
    case 'power-not-in-force':
      return `the legal power that ${which} rests on is no longer in force`;
    case 'not-yet':
      return `${which}, or the legal power that it rests on, has not begun yet`;
    case 'sealed':
    case 'score-of-a-person':
      return `this is not shown to ${oneOf(session)}`;
  }
}

type Standing = Pick<RefusalContext, 'session' | 'sight' | 'sharing'>;

const unknownAgency = ({ session }: Standing): string => `your sign-in names the agency ${quoted(session.agency)}, which this partnership does not know, so no agreement can reach you`;

/** That no agreement names the reader at all. */
export function nobodyWords(standing: Standing): string {
  const agency = standing.sharing.agencies.get(standing.sight.who.agency);
  return agency ? `no agreement in force gives data to ${oneOf(standing.session)} of ${agency.title}` : unknownAgency(standing);
}

function recipientWords(standing: Standing): string {
  const { session, sight, sharing } = standing;
  if (!sharing.agencies.has(sight.who.agency)) return unknownAgency(standing);
  return `no agreement in force gives these data to ${oneOf(session)} of ${sharing.agencies.get(sight.who.agency)!.title}`;
}

function lapseWords({ agreement, sharing, sight }: RefusalContext, which: string, clause: ClauseRef | undefined): string {
  if (!agreement || !clause) return `${which} has lapsed`;
  const status = agreementStatus(agreement, sight.at);
  if (status.state === 'live' && status.version === clause.version) return `${which} had lapsed by a time that this server has seen, and its clock now stands before that; ask who runs the server`;
  if (status.state === 'live' || status.to === null || status.to > sight.at) return `${which} no longer gives these data: version ${clause.version} did, and a later one does not`;
  const leaver = agreement.events.findLast((event) => event.kind === 'withdrawn');
  const party = leaver?.kind === 'withdrawn' ? (sharing.agencies.get(leaver.agency)?.title ?? leaver.agency) : '';
  const why = status.lapse === 'withdrawn' ? `${party} took part in it no longer` : status.lapse === 'ended' ? 'it was ended' : 'its last day was over';
  return `${which} lapsed on ${presentDate(status.to)}: ${why}`;
}

export const asSentence = (words: string): string => `${words[0]!.toUpperCase()}${words.slice(1)}.`;
