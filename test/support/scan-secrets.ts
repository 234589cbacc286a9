// Is there a secret among the files of this repository? Keys and tokens of known shapes are found by secretlint's recommended rules; values of high
// entropy that are given to something called a secret, by a rule of our own. `node test/support/scan-secrets.ts` says what it finds and fails.

import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export interface FoundSecret {
  file: string;
  line: number;
  rule: string;
  /** The beginning of the SHA-256 of what was found: it can be listed as reviewed without repeating it. */
  mark: string;
}

const reviewedSchema = z.array(z.strictObject({ file: z.string(), mark: z.string().regex(/^[0-9a-f]{12}$/), why: z.string().min(10) }));
export type Reviewed = z.infer<typeof reviewedSchema>;

const root = resolve(import.meta.dirname, '../..');
const reviewedFile = '.ci/reviewed-secrets.yaml';
const secretlint = { rules: [{ id: 'preset', rule: creator, options: {} }] };

/** "cookieSecret: 'x…'", "API_KEY=x…", '"password": "x…"': a name that says secret, then a value in one piece. */
const assignment = /(?:secret|token|passw(?:or)?d|api[_-]?key|private[_-]?key|access[_-]?key|credential)[\w-]*["']?\s*[:=]\s*(?:["'`]([^"'`\s$]{16,})["'`]|([\w+/=-]{20,})(?=\s|$))/gi;
/** Short keys too, such as those of Ed25519, which the recommended rules take for an example. */
const shortKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n)+([\w+/=]{40,})/g;
const fewestBits = 3.6;

/** Bits for each character: 0 for "aaaa", 4 for random hexadecimal, towards 6 for random base 64. */
export function entropyOf(text: string): number {
  const counts = [...Map.groupBy(text, (letter) => letter).values()].map(({ length }) => length / text.length);
  return -counts.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

/** Random text has figures among its letters; words, codes and paths of a program are parted by their signs or have none. */
const looksRandom = (value: string): boolean => entropyOf(value) >= fewestBits && /\d/.test(value) && /[a-z]/i.test(value) && !value.split(/[-_./:]+/).every((part) => /^(?:[a-z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|\d{1,4})$/.test(part));

const markOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** What is found in one text, by line. */
export async function findSecrets(file: string, text: string): Promise<FoundSecret[]> {
  const { messages } = await lintSource({ source: { content: text, filePath: file, ext: '', contentType: 'text' }, options: { config: secretlint } });
  const known = messages.map(({ range, ruleId, loc }) => ({ file, line: loc.start.line, rule: ruleId.replace('@secretlint/secretlint-rule-', ''), mark: markOf(text.slice(...range)) }));
  const given = [...text.matchAll(assignment)].flatMap((match) => {
    const value = match[1] ?? match[2]!;
    return looksRandom(value) ? [{ file, line: lineOf(text, match.index), rule: 'high-entropy', mark: markOf(value) }] : [];
  });
  const keys = [...text.matchAll(shortKey)].map((match) => ({ file, line: lineOf(text, match.index), rule: 'privatekey', mark: markOf(match[1]!) }));
  return [...known, ...given, ...keys.filter(({ line }) => !known.some((each) => each.line === line))].toSorted((a, b) => a.line - b.line);
}

/** Files that git tracks, those without NULs: what is text. Not the list of packages, whose hashes are all of high entropy. */
export function trackedTexts(folder: string): { file: string; text: string }[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: folder, encoding: 'utf8' }).split('\0').filter((file) => file !== '' && file !== 'package-lock.json');
  return files.flatMap((file) => {
    try {
      const text = readFileSync(join(folder, file), 'utf8');
      return text.includes('\0') ? [] : [{ file, text }];
    } catch (error) {
      // Removed from the folder, and not yet from git.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

export const readReviewed = (folder = root): Reviewed => reviewedSchema.parse(parse(readFileSync(join(folder, reviewedFile), 'utf8')));

/** What is found and nobody has reviewed; and what was reviewed and is there no more, so that the list does not grow old. */
export async function scanTexts(texts: readonly { file: string; text: string }[], reviewed: Reviewed): Promise<{ found: FoundSecret[]; stale: Reviewed }> {
  const all = (await Promise.all(texts.map(({ file, text }) => findSecrets(file, text)))).flat();
  const isSame = (a: { file: string; mark: string }, b: { file: string; mark: string }) => a.file === b.file && a.mark === b.mark;
  return { found: all.filter((each) => !reviewed.some((known) => isSame(each, known))), stale: reviewed.filter((known) => !all.some((each) => isSame(each, known))) };
}

if (import.meta.main) {
  const texts = trackedTexts(root);
  const { found, stale } = await scanTexts(texts, readReviewed());
  for (const { file, line, rule, mark } of found) console.error(`${file}:${line}: looks like a secret (${rule}, ${mark}). Take it out and make it void; where it is none, list it in ${reviewedFile} and say why.`);
  for (const { file, mark } of stale) console.error(`${reviewedFile}: ${mark} is no longer in ${file}. Take it off the list.`);
  console.log(`Secrets: ${texts.length} files read, ${found.length} found.`);
  process.exitCode = found.length + stale.length > 0 ? 1 : 0;
}
