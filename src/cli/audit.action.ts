// headwater audit: is the record of who saw what whole? Reads it from the first row to the last and names the first that is not as it was.

import { Problem } from '../core/index.ts';
import { acceptedClock, findLatestAuditTime, listWaitingRows, readCheckpoints, recordAuditEvent, verifyAudit, waitingFolder, type AuditVerdict, type Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { checkName } from './given-reader.ts';

interface Options {
  home?: string;
  json?: boolean;
  expect?: string;
}

const number = (value: number) => value.toLocaleString('en-GB');
const rowsOf = (count: number) => `${number(count)} ${count === 1 ? 'row' : 'rows'}`;

function parseExpected(given: string | undefined): { place: number; hash: string } | undefined {
  if (given === undefined) return undefined;
  const [, place, hash] = /^(\d+):([0-9a-f]{64})$/i.exec(given) ?? [];
  if (!place || !hash) throw new Problem('usage', { what: `"${given}" is not a place and a hash`, where: '--expect', todo: 'Give what an earlier check printed, such as 1204:9f…e1 (64 characters after the colon).' });
  return { place: Number(place), hash: hash.toLowerCase() };
}

function lines({ rows, head, checkpoints, sinceCheckpoint, backwards }: AuditVerdict): string[] {
  return [
    `The audit is whole: ${rowsOf(rows)}, each as it was added, none missing.`,
    checkpoints === 0 ? 'There is no checkpoint yet: the chain alone vouches for it. "headwater serve" adds one at the start, each hour and at the end.' : `It agrees with ${number(checkpoints)} ${checkpoints === 1 ? 'checkpoint' : 'checkpoints'}; ${rowsOf(sinceCheckpoint)} came after the last one.`,
    ...(backwards > 0 ? [`${rowsOf(backwards)} ${backwards === 1 ? 'bears' : 'bear'} an earlier time than the row before: the computer's clock was set back.`] : []),
    `Keep this elsewhere, and give it with --expect next time: ${head.place}:${head.hash}`,
  ];
}

const waitingLines = ({ takenIn }: { takenIn: number }): string[] => (takenIn === 0 ? [] : [`${rowsOf(takenIn)} of what commands did had waited and ${takenIn === 1 ? 'was' : 'were'} taken in just now.`]);

function alteredRows(home: Home, names: readonly string[]): Problem {
  const [first, ...more] = names;
  return new Problem('failed', {
    what: `A row that waits to be taken into the audit is not as this home wrote it: ${first}${more.length > 0 ? `, and ${number(more.length)} more` : ''}`,
    where: waitingFolder(home),
    todo: 'It was not taken in. Keep the file as evidence, tell whoever answers for information governance, then move it out of the folder.',
  });
}

export async function verify(context: CliContext, options: Options): Promise<void> {
  const expected = parseExpected(options.expect);
  const home = homeOf(context, options);
  const checkpoints = readCheckpoints(home);
  const waited = listWaitingRows(home).rows.length;
  const casework = await context.openStore(home);
  try {
    context.progress.stage('Reading the audit');
    const kept = expected ? [...checkpoints, expected].toSorted((a, b) => a.place - b.place) : checkpoints;
    const verdict = await verifyAudit(casework.db, kept, (rows) => context.progress.at(rows));
    context.progress.done();
    const { rows, altered } = listWaitingRows(home);
    const waiting = { takenIn: Math.max(0, waited - rows.length), altered };
    if (options.json || !verdict.fault) print(context, options.json, { ok: !verdict.fault && altered.length === 0, ...verdict, waiting }, () => [...lines(verdict), ...waitingLines(waiting)]);
    if (verdict.fault) {
      const { place, auditEventId, what } = verdict.fault;
      throw new Problem('failed', {
        what: `The audit is not whole: row ${place}${auditEventId === undefined ? '' : ` (event ${auditEventId})`} ${what}`,
        todo: 'Change nothing, keep a copy of the store and of audit/checkpoints.jsonl as evidence, and tell whoever answers for information governance.',
      });
    }
    if (altered.length > 0) throw alteredRows(home, altered);
  } finally {
    await casework.close();
  }
}

export async function acceptClock(context: CliContext, options: Options & { by: string }): Promise<void> {
  const by = checkName(options.by, '--by');
  const casework = await context.openStore(homeOf(context, options));
  try {
    const [latest, now] = [(await findLatestAuditTime(casework.db)) ?? -Infinity, context.clock.now()];
    if (latest <= now) throw new Problem('usage', { what: 'No row of the audit is ahead of the clock', todo: 'There is nothing to accept.' });
    await recordAuditEvent(casework.db, context.clock, { actorId: by, action: acceptedClock, outcome: 'done' });
    const [from, to] = [latest, now].map((time) => new Date(time).toISOString());
    print(context, options.json, { latest: from, accepted: to }, () => [`The clock is accepted at ${to}. The audit held a row of ${from}; it stays, and ends no agreement. Restart the server.`]);
  } finally {
    await casework.close();
  }
}
