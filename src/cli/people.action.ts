// headwater people: what builds made of people's keys, undoing it, and where a key is now. Reading works on files alone, beside a serving
// process; an undo is kept in the casework store, which the embedded store gives to one process at a time.

import { Problem } from '../core/index.ts';
import { isRealDay } from '../govern/index.ts';
import {
  eventSentence, kindWords, openPersonEvents, openPersonEventService, readReviewFile, refusalWords, undoSentence, undoStateWords,
  type EventFilter, type KeyNow, type PersonEvent, type PersonEventReader, type PersonEventService, type UndoRefusal,
} from '../linkage/index.ts';
import { recordAuditEvent, type Home } from '../store/index.ts';
import { noteLook } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { checkName } from './given-reader.ts';
import { kinds, mostListed } from './people-options.ts';

interface Options {
  home?: string;
  json?: boolean;
}

interface ListOptions extends Options {
  kind?: string;
  from?: string;
  to?: string;
  limit: string;
}

interface UndoOptions extends Options {
  reason: string;
  by: string;
  withdraw?: boolean;
}

const longestReason = 1000;

const day = (at: number) => new Date(at).toISOString().slice(0, 10);
const time = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
const count = (value: number, one: string, many: string) => `${value.toLocaleString('en-GB')} ${value === 1 ? one : many}`;

function wholeNumber(given: string, name: string, most: number): number {
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < 1 || value > most) throw new Problem('usage', { what: `"${given}" is not a whole number from 1 to ${most.toLocaleString('en-GB')}`, where: name });
  return value;
}

function parseDay(given: string | undefined, name: string): string | undefined {
  if (given === undefined) return undefined;
  if (!isRealDay(given)) throw new Problem('usage', { what: `"${given}" is not a day`, where: name, todo: 'Write it as 2026-11-24.' });
  return given;
}

function parseFilter({ kind: asked, from, to, limit }: ListOptions): EventFilter {
  const kind = kinds.find((each) => each === asked);
  if (asked !== undefined && kind === undefined) throw new Problem('usage', { what: `"${asked}" is not a kind of event`, where: '--kind', todo: `Choose ${kinds.join(', ')}, or leave it out for all three.` });
  const days = { from: parseDay(from, '--from'), to: parseDay(to, '--to') };
  return { limit: wholeNumber(limit, '--limit', mostListed), ...(kind ? { kind } : {}), ...(days.from ? { from: days.from } : {}), ...(days.to ? { to: days.to } : {}) };
}

/** The event as --json gives it: nothing that names a person. */
const presentEvent = ({ event, build, at, kind, keysBefore, keysAfter, records, reason, undoes, undo }: PersonEvent) => ({ event, at, build, kind, keysBefore, keysAfter, records, reason, undoes, undo });

function eventLines(event: PersonEvent): string[] {
  const { undo } = event;
  const state = undo.state === 'waiting' ? `${undoStateWords(event)}: ${undo.undo.reason} (${undo.undo.decidedBy}, ${day(undo.undo.decidedAt)})` : undoStateWords(event);
  return [
    `Event ${event.event}, ${time(event.at)}, build ${event.build}: ${kindWords[event.kind].toLowerCase()}. ${eventSentence(event)}`,
    `  ${event.keysBefore.join(' + ')} → ${event.keysAfter.join(' + ')}`,
    `  Why: ${event.reason}. ${state}.`.replace('..', '.'),
  ];
}

/** Reads the events; a Problem where there is no snapshot. */
async function overEvents<T>(home: Home, use: (events: PersonEventReader) => Promise<T>): Promise<T> {
  const events = openPersonEvents(home);
  try {
    return await use(events);
  } finally {
    await events.close();
  }
}

/** Reads and writes the undos of a home. */
async function overUndos<T>(context: CliContext, home: Home, use: (service: PersonEventService, refuse: (action: string, by: string) => Promise<void>) => Promise<T>): Promise<T> {
  const casework = await context.openStore(home).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.kind !== 'busy') throw error;
    throw new Problem('busy', { what: error.details.what, ...(error.details.where ? { where: error.details.where } : {}), todo: 'Undo it on the page /linkage/events of the running server, or stop the server first.', cause: error });
  });
  const service = openPersonEventService(home, casework);
  try {
    return await use(service, (action, by) => recordAuditEvent(casework.db, casework.clock, { actorId: by, action, outcome: 'refused' }));
  } finally {
    await service.close();
    await casework.close();
  }
}

const unknownEvent = (event: number) => new Problem('notFound', { what: `There is no event ${event}`, todo: 'List them with "npx headwater people events".' });

function refused(event: number, refusal: UndoRefusal): Problem {
  const { what, todo } = refusalWords(refusal, day);
  const where = refusal.why === 'settled' ? `event ${event}: ${refusal.left} and ${refusal.right}` : `event ${event}`;
  return new Problem(refusal.why === 'kind' ? 'usage' : refusal.why === 'records-gone' ? 'notFound' : 'failed', { what, where, todo });
}

const buildNext = 'Nothing has changed yet. Run "npx headwater build" to make it so.';

export async function undo(context: CliContext, given: string, options: UndoOptions): Promise<void> {
  const number = wholeNumber(given, 'EVENT', Number.MAX_SAFE_INTEGER);
  const reason = options.reason.trim();
  if (reason === '' || reason.length > longestReason) throw new Problem('usage', { what: `The reason must have 1 to ${longestReason.toLocaleString('en-GB')} characters`, where: '--reason' });
  const by = checkName(options.by, '--by');
  await overUndos(context, homeOf(context, options), async (service, refuse) => {
    if (options.withdraw) {
      const result = await service.withdraw(number, { reason, by });
      if (!result.ok) {
        if (result.refusal.why === 'unknown') throw unknownEvent(number);
        await refuse('person-event.withdraw', by);
        throw new Problem('failed', result.refusal.by === undefined ? { what: 'It has no undo that waits for a build', where: `event ${number}` } : { what: 'A build has followed the undo already', where: `event ${number}`, todo: `To put it back, undo event ${result.refusal.by}.` });
      }
      return print(context, options.json, { event: number, withdrawn: true }, () => [`The undo of event ${number} is withdrawn. The next build leaves the event as it is.`]);
    }
    const result = await service.undo(number, { reason, by });
    if (!result.ok) {
      if (result.refusal.why === 'unknown') throw unknownEvent(number);
      await refuse('person-event.undo', by);
      throw refused(number, result.refusal);
    }
    print(context, options.json, { ...presentEvent(result.event), undo: { state: 'waiting', reason, decidedBy: by }, decisions: result.pairs }, () => [
      `Event ${number} is undone: ${count(result.pairs, 'decision', 'decisions')} about its records ${result.pairs === 1 ? 'is' : 'are'} kept.`,
      undoSentence(result.event), buildNext,
      `To take it back before then: npx headwater people undo ${number} --withdraw --reason TEXT`,
    ]);
  });
}

function whereLines({ key, state, now, people, gone, events }: KeyNow & { events: Awaited<ReturnType<PersonEventReader['where']>>['events'] }): string[] {
  const first = state === 'in-use' ? `${key} is in use.` : state === 'merged' ? `${key} has ended. It means ${now} now.` : `${key} has ended: none of its records is left.`;
  const shares = people.length > 1 || state === 'merged' ? people.map((person) => `  ${person.key} has ${count(person.records, 'record', 'records')} of it`) : [];
  return [
    first, ...shares, ...(gone > 0 && people.length > 0 ? [`  ${count(gone, 'record', 'records')} of it ${gone === 1 ? 'is' : 'are'} there no more`] : []),
    ...(events.length > 0 ? ['What happened to it:'] : []),
    ...events.map((event) => `  Event ${event.event}, ${time(event.at)}: ${event.oldKey ?? ''}${event.oldKey && event.newKey ? ' → ' : ''}${event.newKey ?? ''}, ${event.kind === 'returned' ? 'came back' : event.kind}, ${count(event.records, 'record', 'records')}: ${event.reason}`),
  ];
}

export async function listEvents(context: CliContext, options: ListOptions): Promise<void> {
  const filter = parseFilter(options);
  const home = homeOf(context, options);
  const undos = readReviewFile(home).undos ?? [];
  const [list, more] = await overEvents(home, async (events) => {
    const rows = await events.list({ ...filter, limit: filter.limit + 1 }, undos);
    return [rows.slice(0, filter.limit), rows.length > filter.limit];
  });
  noteLook(context, home, { action: 'person-events.view' });
  print(context, options.json, list.map(presentEvent), () => [
    ...(list.length === 0 ? [filter.kind ?? filter.from ?? filter.to ? 'There are no such events.' : 'There are no merges, splits or moves: people have been the same in all builds.'] : list.flatMap(eventLines)),
    ...(more ? [`There are more. Show them with --limit.`] : []),
  ]);
}

export async function where(context: CliContext, key: string, options: Options): Promise<void> {
  const home = homeOf(context, options);
  const found = await overEvents(home, (events) => events.where(key));
  if (found.state === 'unknown') throw new Problem('notFound', { what: `No person has or had the key "${key}"`, todo: 'Check the key: P and 16 letters or digits.' });
  noteLook(context, home, { action: 'person-key.where' });
  print(context, options.json, found, () => whereLines(found));
}
