// The key that encrypts a home's files at rest: from the environment, or from a file of 64 hexadecimal characters (keys/encryption.key, or
// headwater.yaml's keyFile). A key is named by its fingerprint, which every encrypted file bears, so that old and new keys can stand side by
// side while they are changed.

import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asProblem, Problem } from '../core/index.ts';
import { writeNewFile } from './folder.ts';
import type { Home } from './home.ts';

export interface FileKey {
  /** 16 hexadecimal characters that tell keys apart and say nothing about them. */
  id: string;
  secret: Buffer;
  /** The key of Parquet files, made from the secret. */
  parquet: Buffer;
}

export interface HomeKeys {
  /** What is written is encrypted with this one. */
  current: FileKey;
  /** All that may open a file: the current one first, then those before or after it while keys are changed. */
  all: FileKey[];
  source: 'environment' | 'file';
}

const made = new Map<string, FileKey>();

/** A key from its 64 hexadecimal characters; undefined where the text is none. */
export function keyFromText(text: string): FileKey | undefined {
  const hex = text.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined;
  const known = made.get(hex);
  if (known) return known;
  const secret = Buffer.from(hex, 'hex');
  const key: FileKey = {
    id: createHmac('sha256', secret).update('headwater key fingerprint').digest('hex').slice(0, 16),
    secret,
    parquet: Buffer.from(hkdfSync('sha256', secret, '', 'headwater parquet files', 32)),
  };
  made.set(hex, key);
  return key;
}

/** Where the home's key lies, unless the environment gives it. */
export const keyFileOf = (home: Home): string => (home.settings.keyFile === undefined ? join(home.keys, 'encryption.key') : resolve(home.dir, home.settings.keyFile));

/** Where a new key waits while files are encrypted again. */
export const nextKeyFileOf = (home: Home): string => `${keyFileOf(home)}.next`;

/** The key in a file. */
export function readKeyFile(path: string): FileKey {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw asProblem(error, path);
  }
  const key = keyFromText(text);
  if (!key) throw new Problem('badInput', { what: 'This key file is damaged: it does not hold 64 hexadecimal characters', where: path, todo: 'Put the file back from the copy that you keep elsewhere.' });
  return key;
}

function givenKey(text: string, name: string): FileKey {
  const key = keyFromText(text);
  if (!key) throw new Problem('usage', { what: `${name} is not a key`, todo: 'Give 64 hexadecimal characters, such as "openssl rand -hex 32" prints.' });
  return key;
}

/** The keys of a home, or undefined where it has none and so is not encrypted. Read each time, since another process may change them. */
export function homeKeys(home: Home): HomeKeys | undefined {
  const { key, oldKey } = home.given ?? {};
  const [file, next] = [keyFileOf(home), nextKeyFileOf(home)];
  if (key) {
    const current = givenKey(key, 'HEADWATER_KEY');
    const before = [...(oldKey ? [givenKey(oldKey, 'HEADWATER_OLD_KEY')] : []), ...(existsSync(file) ? [readKeyFile(file)] : [])];
    return { current, all: [current, ...before.filter(({ id }) => id !== current.id)], source: 'environment' };
  }
  if (existsSync(file)) {
    const current = readKeyFile(file);
    return { current, all: [current, ...(existsSync(next) ? [readKeyFile(next)] : [])], source: 'file' };
  }
  if (home.settings.keyFile !== undefined) {
    throw new Problem('notFound', { what: 'The key file that headwater.yaml names is not there', where: file, todo: 'Bring the disk that holds it back, or put the file back from your copy.' });
  }
  // The first key of a home that had none: until all is encrypted, what is written stays as it was.
  return undefined;
}

/** All keys that may open files of a home; none where it has none. */
export function openingKeys(home: Home): FileKey[] {
  const keys = homeKeys(home)?.all ?? [];
  const next = nextKeyFileOf(home);
  return keys.length === 0 && existsSync(next) ? [readKeyFile(next)] : keys;
}

/** The one of these keys that a file names. */
export function keyFor(keys: readonly FileKey[], id: string, path: string): FileKey {
  const key = keys.find((each) => each.id === id);
  if (!key) throw missingKey(id, path);
  return key;
}

export const missingKey = (id: string, path?: string): Problem =>
  new Problem('badInput', {
    what: `The key ${fingerprint(id)} is needed to read what is encrypted here`,
    ...(path === undefined ? {} : { where: path }),
    todo: 'Give it with HEADWATER_KEY, or put its file back ("headwater keys show" says where it belongs).',
  });

/** A key's id as people compare it. */
export const fingerprint = (id: string): string => id.replace(/(.{4})(?=.)/g, '$1-');

/** Makes a new key in a file for its owner alone, on the disk when it returns. Never replaces one. */
export function makeKeyFile(path: string): FileKey {
  try {
    writeNewFile(path, `${randomBytes(32).toString('hex')}\n`);
  } catch (error) {
    throw asProblem(error, path);
  }
  return readKeyFile(path);
}

/** True where others than the owner may read a key's file. */
export const isKeyFileOpen = (path: string): boolean => process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
