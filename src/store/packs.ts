// Data packs: YAML that a partnership edits. A local pack replaces the product's pack of the same name. Each is validated by its reader's schema.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { Problem } from '../core/index.ts';

/** The packs that come with the product. */
export const productPacks = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'packs');

export interface Pack<T> {
  name: string;
  path: string;
  sha256: string;
  value: T;
}

/**
 * Reads one pack, such as "disclosure" or "feeds/police-incident".
 * A Problem names the file and line of the first mistake.
 */
export function readPack<S extends z.ZodType>(localPacks: string | undefined, name: string, schema: S): Pack<z.infer<S>> {
  const local = localPacks ? join(localPacks, `${name}.yaml`) : undefined;
  const path = local && existsSync(local) ? local : join(productPacks, `${name}.yaml`);
  if (!existsSync(path)) {
    throw new Problem('notFound', { what: `There is no pack called "${name}"`, where: path, todo: 'Check the name, or add the file.' });
  }
  const yaml = readFileSync(path, 'utf8');
  const result = schema.safeParse(plainValue(path, yaml));
  if (!result.success) throw schemaProblem(path, yaml, result.error.issues[0]!);
  return { name, path, sha256: createHash('sha256').update(yaml).digest('hex'), value: result.data };
}

/** What each file said when it was last taken apart: packs are asked for often, and taking YAML apart is slow. */
const lastParsed = new Map<string, { yaml: string; value: unknown }>();

/** The value of a file, the caller's own to keep and to change. */
function plainValue(path: string, yaml: string): unknown {
  const known = lastParsed.get(path);
  if (known?.yaml === yaml) return structuredClone(known.value);
  const document = parseDocument(yaml);
  const [syntax] = document.errors;
  if (syntax) {
    throw new Problem('badInput', { what: `The pack is not valid YAML: ${syntax.message.split('\n')[0]}`, where: `${path}:${lineOf(yaml, syntax.pos[0])}`, todo: 'Mend the line and try again.' });
  }
  const value: unknown = document.toJS();
  lastParsed.set(path, { yaml, value: structuredClone(value) });
  return value;
}

function schemaProblem(path: string, yaml: string, issue: z.core.$ZodIssue): Problem {
  const document = parseDocument(yaml);
  const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  let node: unknown;
  for (let depth = keys.length; depth >= 0 && !node; depth -= 1) node = document.getIn(keys.slice(0, depth), true);
  const offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? 0;
  return new Problem('badInput', { what: `${keys.join('.') || 'The pack'}: ${issue.message}`, where: `${path}:${lineOf(yaml, offset)}`, todo: 'Mend the line and try again.' });
}

const lineOf = (yaml: string, offset: number) => yaml.slice(0, offset).split('\n').length;

/** Names of the packs in a folder of packs, local and the product's, such as listPacks(local, "feeds"). */
export function listPacks(localPacks: string | undefined, folder: string): string[] {
  const names = new Set<string>();
  for (const root of [productPacks, localPacks]) {
    const dir = root ? join(root, folder) : undefined;
    if (!dir || !existsSync(dir)) continue;
    for (const file of readdirSync(dir)) if (file.endsWith('.yaml')) names.add(`${folder}/${file.slice(0, -5)}`);
  }
  return [...names].toSorted();
}

/** The hash of a pack's file, local before the product's. */
export function packHash(localPacks: string | undefined, name: string): string {
  const local = localPacks ? join(localPacks, `${name}.yaml`) : undefined;
  const path = local && existsSync(local) ? local : join(productPacks, `${name}.yaml`);
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
