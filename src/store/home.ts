// A partnership's home folder: where everything of one partnership lives, and its settings in headwater.yaml.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem, quoteForShell } from '../core/index.ts';

const settingsSchema = z.strictObject({
  partnership: z.string().min(1),
  /** The data are invented: shown on every page. */
  simulated: z.boolean().default(false),
  /** Memory for the query engine, such as 2GB. */
  memoryLimit: z.string().regex(/^\d+(MB|GB)$/).default('2GB'),
  threads: z.number().int().min(1).max(64).default(2),
  /** The file that holds the key of this home, on another disk perhaps; from the home's folder where it is relative. */
  keyFile: z.string().min(1).optional(),
  linkage: z.strictObject({
    /** Records are linked from this probability of one person, or from the one that people's settled decisions name. */
    threshold: z.custom<number | 'reviewed'>((value) => value === 'reviewed' || (typeof value === 'number' && value > 0 && value < 1), 'give a probability between 0 and 1, such as 0.9, or the word reviewed').optional(),
  }).optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Keys that the environment gives instead of a file. */
export interface GivenKeys {
  /** HEADWATER_KEY. */
  key?: string | undefined;
  /** HEADWATER_OLD_KEY: the one before, while files are encrypted again. */
  oldKey?: string | undefined;
}

export interface Home {
  dir: string;
  settings: Settings;
  packs: string;
  data: string;
  loads: string;
  lake: string;
  keys: string;
  store: string;
  temp: string;
  /** What cases and requests attach. */
  attachments: string;
  /** Keys that the environment gives instead of a file. */
  given?: GivenKeys;
}

export function homeAt(dir: string, settings: Settings, given?: GivenKeys): Home {
  const root = resolve(dir);
  return {
    dir: root,
    settings,
    packs: join(root, 'packs'),
    data: join(root, 'data'),
    loads: join(root, 'loads'),
    lake: join(root, 'lake'),
    keys: join(root, 'keys'),
    store: join(root, 'store'),
    temp: join(root, 'temp'),
    attachments: join(root, 'attachments'),
    ...(given === undefined ? {} : { given }),
  };
}

export function parseSettings(yaml: string, where: string): Settings {
  let value: unknown;
  try {
    value = parse(yaml);
  } catch (error) {
    throw new Problem('badInput', { what: 'headwater.yaml is not valid YAML', where, todo: String((error as Error).message).split('\n')[0], cause: error });
  }
  const result = settingsSchema.safeParse(value ?? {});
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new Problem('badInput', { what: `headwater.yaml: ${issue.path.join('.') || 'settings'}: ${issue.message}`, where, todo: 'Mend the setting and try again.' });
  }
  return result.data;
}

/** Opens an existing home; a Problem says how to make one where there is none. */
export function openHome(dir: string, given?: GivenKeys): Home {
  const file = join(resolve(dir), 'headwater.yaml');
  if (!existsSync(file)) {
    throw new Problem('notFound', { what: 'No partnership here', where: file, todo: `Make one with "npx headwater init ${quoteForShell(dir)}", or set HEADWATER_HOME.` });
  }
  return homeAt(dir, parseSettings(readFileSync(file, 'utf8'), file), given);
}
