// Which forenames are one name? Groups of short forms, pet names and spellings from the pack `nicknames`.

import { z } from 'zod';
import { readPack } from '../store/index.ts';

const nicknamesSchema = z.strictObject({
  source: z.string(),
  date: z.iso.date(),
  /** Each line is one name with its other forms, the usual full form first. */
  names: z.array(z.string().regex(/^[\p{Ll} ]+$/u, 'write names in small letters, parted by spaces')),
});

/** The groups of the pack, local or the product's: each a list of names, the full form first. */
export function listNicknames(localPacks?: string): string[][] {
  return readPack(localPacks, 'nicknames', nicknamesSchema).value.names.map((line) => line.split(' ').filter(Boolean));
}

/** For each name, its full forms ("alex" is Alexander or Alexandra). Two names are forms of one where they share a full form. */
export function nicknameRoots(groups: string[][]): Map<string, string[]> {
  const roots = new Map<string, string[]>();
  for (const group of groups) {
    const root = group[0];
    if (root === undefined) continue;
    for (const name of group) {
      const held = roots.get(name);
      if (!held) roots.set(name, [root]);
      else if (!held.includes(root)) held.push(root);
    }
  }
  return roots;
}
