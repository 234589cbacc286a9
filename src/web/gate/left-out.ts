// An answer with the feeds that its reader may not see, so that whoever reads it knows what is not in it.

import type { Answer } from '../../core/index.ts';
import type { Seen } from './gate.ts';

export const withLeftOut = (answer: Answer, { leftOut }: Pick<Seen, 'leftOut'>): Answer => (leftOut.length === 0 ? answer : { ...answer, leftOut });

/** Said at the top of a page where nothing but published data is in it, with the reason that holds for most of the rest. */
export function onlyPublished({ leftOut, why }: Pick<Seen, 'leftOut' | 'why'>): string[] {
  if (why.basis !== 'open-data' || leftOut.length === 0) return [];
  const [most] = [...Map.groupBy(leftOut, (each) => each.why).entries()].toSorted(([, a], [, b]) => b.length - a.length);
  return [`You see published data alone. ${most![0]}`];
}
