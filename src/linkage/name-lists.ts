// Which words are names? Forenames and surnames from the packs `names` and `nicknames`, in small letters: a sign, among others, of what a
// column holds. The lists are short: most people's names are common ones, and a column needs only a share of its values to be known.

import { z } from 'zod';
import { readPack } from '../store/index.ts';
import { listNicknames } from './nicknames.ts';

const words = z.union([z.string(), z.array(z.string())]);
const heritage = z.looseObject({ F: words.optional(), M: words.optional(), surnames: words.optional() });

const split = (value: z.infer<typeof words> | undefined): string[] => [value ?? []].flat().flatMap((line) => line.split(/\s+/));
const fold = (name: string): string => name.toLowerCase().normalize('NFD').replace(/[^\p{L}]/gu, '');

export interface NameLists {
  forenames: string[];
  surnames: string[];
}

export function listKnownNames(localPacks?: string): NameLists {
  const pack = readPack(localPacks, 'names', z.looseObject({})).value;
  const forenames = new Set(listNicknames(localPacks).flat().map(fold));
  const surnames = new Set<string>();
  for (const part of Object.values(pack)) {
    const { success, data } = heritage.safeParse(part);
    if (!success) continue;
    for (const name of [...split(data.F), ...split(data.M)]) forenames.add(fold(name));
    for (const name of split(data.surnames)) surnames.add(fold(name));
  }
  const kept = (names: Set<string>) => [...names].filter((name) => name.length > 1).toSorted();
  return { forenames: kept(forenames), surnames: kept(surnames) };
}
