// The run's door, at which test workers ask for what is made once for all of them: stores and sample homes (stores.setup.ts).

import { inject } from 'vitest';
import type { Preparation } from './stores.setup.ts';

/** The address or folder of what was asked for; undefined where a run has no door, so that the worker makes it itself. */
export async function askDoor(name: Preparation): Promise<string | undefined> {
  const door = inject('storesDoor') as string | undefined;
  if (door === undefined) return undefined;
  const response = await fetch(`${door}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
