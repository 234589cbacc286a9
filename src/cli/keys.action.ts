// headwater keys: which key encrypts this home, by its fingerprint alone; and a new key for everything that is encrypted.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addCheckpoint, fileKeyId, fingerprint, homeKeys, keepWaitingRow, keyFileOf, listProtectedFiles, nextKeyFileOf, openingKeys, readKeyFile, recordAuditEvent, rotateKeys, type Casework, type Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';

interface Options {
  home?: string;
  json?: boolean;
}

interface KeyReport {
  /** The fingerprint of the key that new files get; null where the home has none. */
  key: string | null;
  source: 'environment' | 'file' | null;
  /** Where the key's file lies, or would lie. */
  file: string;
  /** A change of keys was cut off, or the first encryption was. */
  changing: boolean;
  /** The fingerprint of the key that waits until all is under it; null where none does. */
  waiting: string | null;
  /** How many files are under each key, by fingerprint; those that are not encrypted under "none". */
  files: Record<string, number>;
}

const count = (number: number) => number.toLocaleString('en-GB');
const filesWord = (number: number) => `${count(number)} ${number === 1 ? 'file' : 'files'}`;

export function reportKeys(home: Home): KeyReport {
  const keys = homeKeys(home);
  const files: Record<string, number> = {};
  for (const path of listProtectedFiles(home)) {
    const id = fileKeyId(path);
    const name = id === undefined ? 'none' : fingerprint(id);
    files[name] = (files[name] ?? 0) + 1;
  }
  const next = nextKeyFileOf(home);
  const waiting = existsSync(next) ? fingerprint(readKeyFile(next).id) : null;
  return { key: keys ? fingerprint(keys.current.id) : null, source: keys?.source ?? null, file: keyFileOf(home), changing: waiting !== null, waiting, files };
}

/** What is so in a home that has no key of its own: in words, with what to do; undefined where nothing in it is encrypted. */
export function describeLackOfKey({ file, waiting, files }: KeyReport): { what: string; todo: string } | undefined {
  const plain = files.none ?? 0;
  const encrypted = Object.entries(files).reduce((sum, [name, number]) => sum + (name === 'none' ? 0 : number), 0);
  if (waiting !== null) {
    return {
      what: `The first encryption of this home was cut off: ${filesWord(encrypted)} encrypted with ${waiting}, which waits in ${file}.next, and ${filesWord(plain)} not. What is written now is not encrypted`,
      todo: 'Keep that file, and run "npx headwater keys rotate" to finish it.',
    };
  }
  if (encrypted === 0) return undefined;
  return { what: `${filesWord(encrypted)} ${encrypted === 1 ? 'is' : 'are'} encrypted, and their key is not here. What is written now is not encrypted`, todo: `Put the key back into ${file} from your copy, or give it with HEADWATER_KEY.` };
}

function keyLines(report: KeyReport, known: ReadonlySet<string>): string[] {
  const { key, source, file, changing, files } = report;
  const lacking = key === null ? describeLackOfKey(report) : undefined;
  const noKey = lacking ? `${lacking.what}. ${lacking.todo}` : 'This home has no key: nothing in it is encrypted. "headwater keys rotate" makes one and encrypts.';
  return [
    key === null ? noKey : `The key is ${key}${source === 'environment' ? ', from HEADWATER_KEY' : `, in ${file}`}.`,
    ...(changing && key !== null ? ['A change of keys was cut off: run "headwater keys rotate" to finish it.'] : []),
    ...Object.entries(files).map(([name, number]) => (name === 'none' ? `  ${filesWord(number)} not encrypted` : `  ${filesWord(number)} under ${name}${name === key ? '' : known.has(name) ? ' (another key at hand)' : ' (this key is not at hand)'}`)),
    ...(key === null && !changing ? [] : ['Keep a copy of the key elsewhere: without it nothing here, and no backup, can be opened.']),
  ];
}

/** The store of a home that has one; a Problem where a server uses it. */
export async function openStoreAtHand(context: CliContext, home: Home): Promise<Casework | undefined> {
  return context.storeServer || existsSync(join(home.store, 'data')) ? context.openStore(home) : undefined;
}

/** Notes in the audit what was done to the home from the command line, and the audit's head outside it. In a home that has no store yet, the row waits for it. */
export async function noteInAudit(context: CliContext, home: Home, casework: Casework | undefined, event: { action: string; subjectKind: string; subjectIds: string[] }): Promise<void> {
  if (!casework) return keepWaitingRow(home, context.clock, { actorId: context.operator, outcome: 'done', ...event });
  await recordAuditEvent(casework.db, context.clock, { actorId: context.operator, outcome: 'done', ...event });
  await addCheckpoint(home, casework.db, context.clock);
}

export async function rotate(context: CliContext, options: Options): Promise<void> {
  const home = homeOf(context, options);
  const casework = await openStoreAtHand(context, home);
  try {
    const done = rotateKeys(home, context.progress);
    await noteInAudit(context, home, casework, { action: 'key.rotate', subjectKind: 'key', subjectIds: [done.to] });
    const { from, to, encrypted, files, resumed } = done;
    print(context, options.json, { from: from === undefined ? null : fingerprint(from), to: fingerprint(to), encrypted, files, resumed, audited: true }, () => [
      `${resumed ? 'Finished the change of keys' : from === undefined ? 'This home is encrypted now' : 'The key is changed'}: ${filesWord(files)} under ${fingerprint(to)}${encrypted === files ? '' : ` (${count(encrypted)} of them in this run)`}.`,
      ...(home.given?.key ? [] : [`The key is in ${keyFileOf(home)}. Keep a copy of it elsewhere: without it nothing here can be opened.`]),
      ...(from === undefined ? [] : [`The key before, ${fingerprint(from)}, opens nothing here any more. Backups made with it still need it.`]),
    ]);
  } finally {
    await casework?.close();
  }
}

export function show(context: CliContext, options: Options): void {
  const home = homeOf(context, options);
  const report = reportKeys(home);
  print(context, options.json, report, () => keyLines(report, new Set(openingKeys(home).map(({ id }) => fingerprint(id)))));
}
