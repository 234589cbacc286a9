// The audit as it is told to the person whom it is about: plain sentences, newest first. Who looked is told by role and agency, never by name or id:
// people who work with families have a private life too.

import { roleTitles } from '../../core/index.ts';
import type { RecordedAuditEvent } from '../../store/index.ts';
import { presentDate, presentTime } from '../frame/date-words.ts';
import { agencyWords, agreementTitle, type AuditRowContext } from './audit-row.ts';
import { clausesOf } from './audit-words.ts';

const verbs: Record<string, { done: string; tried: string }> = {
  'person.search': { done: 'searched for people, and you were among those found', tried: 'tried to search for you' },
  'person.view': { done: 'looked at your record', tried: 'tried to look at your record' },
  'person.export': { done: 'took a copy of your record', tried: 'tried to take a copy of your record' },
  'glass.break': { done: 'opened your record in an emergency', tried: 'tried to open your record in an emergency' },
  'glass.review': { done: 'checked why your record was opened in an emergency', tried: 'tried to check why your record was opened in an emergency' },
  'case.list': { done: 'opened a list of cases, and one about you stood in it', tried: 'tried to open a list of cases' },
  'case.view': { done: 'read a case about you', tried: 'tried to read a case about you' },
  'case.begin': { done: 'began a case about you', tried: 'tried to begin a case about you' },
  'case.write': { done: 'wrote in a case about you', tried: 'tried to write in a case about you' },
  'case.attach': { done: 'added a file to a case about you', tried: 'tried to add a file to a case about you' },
  'case.open-attachment': { done: 'opened a file of a case about you', tried: 'tried to open a file of a case about you' },
  'case.lead': { done: 'said who leads the work on a case about you', tried: 'tried to say who leads the work on a case about you' },
  'case.add-member': { done: 'named one more person who works on a case about you', tried: 'tried to name one more person who works on a case about you' },
  'case.end-member': { done: 'ended somebody’s work on a case about you', tried: 'tried to end somebody’s work on a case about you' },
  'case.close': { done: 'closed a case about you', tried: 'tried to close a case about you' },
  'seal.set': { done: 'sealed your record, so that only named people may open it', tried: 'tried to seal your record' },
  'seal.add-keeper': { done: 'named one more person who may open your sealed record', tried: 'tried to name one more person who may open your sealed record' },
  'seal.lift': { done: 'took the seal off your record', tried: 'tried to take the seal off your record' },
  'link-pair.view': { done: 'compared two records to see whether both are about you', tried: 'tried to compare records that may be about you' },
  'link-pair.decide': { done: 'said whether two records are both about you', tried: 'tried to say whether two records are both about you' },
  'link-person.view': { done: 'looked at which records are taken to be about you', tried: 'tried to look at which records are taken to be about you' },
  'lineage.view': { done: 'asked which file a record of yours came from', tried: 'tried to ask which file a record of yours came from' },
  'person-event.view': { done: 'looked at how records about you were put together or taken apart', tried: 'tried to look at how records about you were put together' },
  'person-event.undo': { done: 'corrected how records about you were put together', tried: 'tried to correct how records about you were put together' },
  'person-event.withdraw': { done: 'took back a correction of how records about you were put together', tried: 'tried to take back a correction of records about you' },
  'share.view': { done: 'read a decision whether to give others information about you', tried: 'tried to read a decision whether to give others information about you' },
  'share.record': { done: 'wrote down a decision whether to give others information about you', tried: 'tried to write down a decision whether to give others information about you' },
  'share.outcome': { done: 'wrote down what became of a decision whether to give others information about you', tried: 'tried to write down what became of a decision whether to give others information about you' },
  'share.correction': { done: 'corrected what was written of a decision whether to give others information about you', tried: 'tried to correct what was written of a decision whether to give others information about you' },
  'share.review': { done: 'checked whether a decision whether to give others information about you was right', tried: 'tried to check whether a decision whether to give others information about you was right' },
  'pseudonym.reidentify': { done: 'asked who stands behind a code in data without names, and was told that it is you', tried: 'tried to learn that you stand behind a code in data without names' },
  'subject-access.open': { done: 'wrote down that you asked what is held about you', tried: 'tried to write down that you asked what is held about you' },
  'subject-access.identity': { done: 'wrote down how it was checked that it is you who asks', tried: 'tried to write down how it was checked that it is you who asks' },
  'subject-access.extension': { done: 'wrote down that the answer to you takes longer', tried: 'tried to write down that the answer to you takes longer' },
  'subject-access.closing': { done: 'closed your request to see what is held about you', tried: 'tried to close your request to see what is held about you' },
  'subject-access.list': { done: 'opened the list of those who asked what is held about them', tried: 'tried to open the list of those who asked what is held about them' },
  'subject-access.view': { done: 'looked at your request to see what is held about you', tried: 'tried to look at your request to see what is held about you' },
  'subject-access.read': { done: 'read what is held about you, to answer you', tried: 'tried to read what is held about you, to answer you' },
  // Not which: nothing is told of what the law lets be left out.
  ...Object.fromEntries(['decide', 'withhold', 'give'].map((act) => [`subject-access.${act}`, { done: 'prepared the answer to you', tried: 'tried to prepare the answer to you' }])),
  'subject-access.open-file': { done: 'opened a file of a case about you, to answer you', tried: 'tried to open a file of a case about you, to answer you' },
  'subject-access.release': { done: 'released the answer to you', tried: 'tried to release the answer to you' },
  'subject-access.export': { done: 'took the answer to you as a file, to hand it over', tried: 'tried to take the answer to you as a file' },
  'correction.list': { done: 'opened the list of facts that were reported as wrong', tried: 'tried to open the list of facts that were reported as wrong' },
  'correction.view': { done: 'read the report that a fact in your record is wrong', tried: 'tried to read a report that a fact in your record is wrong' },
  'correction.open': { done: 'looked for what is wrong in your record, to report it', tried: 'tried to look for what is wrong in your record' },
  'correction.report': { done: 'reported that a fact in your record is wrong', tried: 'tried to report that a fact in your record is wrong' },
  'correction.accept': { done: 'put right what was wrong in your record', tried: 'tried to decide about what is wrong in your record' },
  'correction.refuse': { done: 'decided not to change what was reported as wrong in your record', tried: 'tried to decide about what is wrong in your record' },
  'correction.notice': { done: 'was told what was decided about a fact in your record', tried: 'tried to read what was decided about a fact in your record' },
  'correction.acknowledge': { done: 'said that they know what was decided about a fact in your record', tried: 'tried to say that they know what was decided about a fact in your record' },
  'retention.list': { done: 'looked at a list of cases that may be kept or destroyed, and one about you was among them', tried: 'tried to look at a list of cases that may be kept or destroyed' },
  'retention.view': { done: 'looked at how long a case about you is kept', tried: 'tried to look at how long a case about you is kept' },
  'retention.keep': { done: 'decided to keep a case about you for longer', tried: 'tried to keep a case about you for longer' },
  'retention.propose': { done: 'proposed to destroy a case about you', tried: 'tried to propose to destroy a case about you' },
  'retention.refuse': { done: 'ended a proposal to destroy a case about you', tried: 'tried to end a proposal to destroy a case about you' },
  'retention.destroy': { done: 'destroyed a case about you, since the time for which it is kept was over', tried: 'tried to destroy a case about you' },
  'retention.hold': { done: 'saw to it that what is held about you is not destroyed for now', tried: 'tried to see to it that what is held about you is not destroyed for now' },
  'retention.lift': { done: 'ended what kept the records about you from being destroyed', tried: 'tried to end what keeps the records about you from being destroyed' },
  'audit.search': { done: 'checked who had looked at your record', tried: 'tried to check who had looked at your record' },
  'audit.person': { done: 'checked who had looked at your record', tried: 'tried to check who had looked at your record' },
  'audit.letter': { done: 'wrote a list like this one', tried: 'tried to write a list like this one' },
};

/** An action that has no words of its own, by what its last part means. */
function verbOf(action: string): { done: string; tried: string } {
  if (Object.hasOwn(verbs, action)) return verbs[action]!;
  const last = action.slice(action.lastIndexOf('.') + 1);
  if (/export|print|extract|download/.test(last)) return verbs['person.export']!;
  if (/view|open|read|find|show/.test(last)) return verbs['person.view']!;
  if (/search|match/.test(last)) return verbs['person.search']!;
  return { done: 'did something that concerns your record', tried: 'tried to do something that concerns your record' };
}

const article = (words: string) => `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`;
const lower = (title: string) => `${title[0]!.toLowerCase()}${title.slice(1)}`;

/** "a lead practitioner of Early help". */
function who(event: RecordedAuditEvent, { sharing }: AuditRowContext): string {
  const { actorId, actorAgency, actorRole } = event;
  if (actorId === 'system') return 'the service itself';
  const agency = agencyWords(sharing, actorAgency);
  const role = actorRole === undefined ? 'member of staff' : lower((roleTitles as Record<string, string>)[actorRole] ?? actorRole.replaceAll('-', ' '));
  return `${article(role)}${agency ? ` of ${agency}` : ''}`;
}

/** "under the agreement “Early help for families”, clause 2"; nothing where it was refused. */
function under({ basis, outcome, action }: RecordedAuditEvent, { agreements }: AuditRowContext): string {
  if (outcome !== 'done' || basis === undefined) return '';
  const named = [...Map.groupBy(clausesOf(basis), ({ agreementId, version }) => `${agreementId}/${version}`).values()].map((clauses) => {
    const { agreementId, version } = clauses[0]!;
    const title = agreementTitle(agreements, agreementId, version);
    return `the agreement ${title ? `“${title}”` : agreementId}, ${clauses.length === 1 ? 'clause' : 'clauses'} ${clauses.map(({ clause }) => clause).join(' and ')}`;
  });
  const emergency = basis.split(' ').includes('broken-glass') && action !== 'glass.break' ? ', in an emergency that was reviewed afterwards or will be' : '';
  return `${named.length > 0 ? `, under ${named.join(' and ')}` : ''}${emergency}`;
}

/**
 * One event in a sentence.
 *
 * @example
 * letterSentence(event, context); // "On 3 November 2026 at 9:05am a lead practitioner of Early help looked at your record, under the agreement …"
 */
export function letterSentence(event: RecordedAuditEvent, context: AuditRowContext): string {
  const { occurredAt, action, outcome, purpose } = event;
  const verb = verbOf(action);
  const did = outcome === 'done' ? verb.done : `${verb.tried} and ${outcome === 'refused' ? 'was refused' : 'it failed'}`;
  const stated = purpose === undefined ? '' : `. Their purpose: ${lower(context.sharing.purposes.get(purpose)?.title ?? purpose.replaceAll('-', ' '))}`;
  return `On ${presentDate(occurredAt)} at ${presentTime(occurredAt)} ${who(event, context)} ${did}${under(event, context)}${stated}.`;
}
