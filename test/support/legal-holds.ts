// A legal hold as tests of retention place it.

import type { NewHold, Reader, RetentionDesk } from '../../src/govern/index.ts';

/** Places it, or throws why not. Returns its id. */
export async function holdOver(desk: RetentionDesk, who: Reader, over: Partial<NewHold> & Pick<NewHold, 'kind' | 'target'>): Promise<string> {
  const placed = await desk.placeHold(who, { reason: 'A claim was made', authority: 'County court', ...over });
  if (!placed.ok) throw new Error(placed.reason);
  return placed.id;
}
