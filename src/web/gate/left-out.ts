// An answer with the feeds that its reader may not see, so that whoever reads it knows what is not in it.

import type { Answer } from '../../core/index.ts';
import type { Seen } from './gate.ts';

export const withLeftOut = (answer: Answer, { leftOut }: Pick<Seen, 'leftOut'>): Answer => (leftOut.length === 0 ? answer : { ...answer, leftOut });
