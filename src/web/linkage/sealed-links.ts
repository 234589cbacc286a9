// Which doubtful pairs and which merges and splits are not there for a reader: those of people whose records are sealed to them. They show names by
// another way than a record does, so the same seals hold; keepers alone see and settle them. Asked anew at each request: a seal holds at once.

import type { FastifyRequest } from 'fastify';
import type { People } from '../../govern/index.ts';
import type { LinkReviewService, PersonEventService, QueuedPair } from '../../linkage/index.ts';
import type { RecordedDecision } from '../../store/index.ts';
import type { PageDeps } from '../page.ts';

export interface SealedLinks {
  /** Whether one of these people is sealed to the reader. */
  holdsSealed(request: FastifyRequest, personKeys: readonly string[]): Promise<boolean>;
  /** Pairs of the queue that the reader may know of, and what people decided about such pairs, in the queue or not. */
  openQueue(request: FastifyRequest, review: Pick<LinkReviewService, 'pairs' | 'decisions'>): Promise<{ queue: QueuedPair[]; decisions: RecordedDecision[] }>;
  /** Numbers of the events that the reader may not know of. */
  sealedEvents(request: FastifyRequest, events: Pick<PersonEventService, 'people'>): Promise<number[]>;
}

export function sealedLinks({ gate, people }: Pick<PageDeps, 'gate'> & { people: Pick<People, 'sealedTo'> }): SealedLinks {
  const sealedTo = async (request: FastifyRequest, keys: readonly string[]) => people.sealedTo(await gate.askingOf(request.session!), keys);
  return {
    holdsSealed: async (request, keys) => (await sealedTo(request, keys)).size > 0,
    async openQueue(request, { pairs, decisions }) {
      const [queue, decided] = [await pairs.queue(), await decisions()];
      const peopleOf = await pairs.peopleOf([...new Set(decided.flatMap(({ left, right }) => [left, right]))]);
      const sealed = await sealedTo(request, [...queue.flatMap(({ people: keys }) => keys), ...peopleOf.values()]);
      const isOpen = (keys: readonly string[]) => !keys.some((key) => sealed.has(key));
      return { queue: queue.filter(({ people: keys }) => isOpen(keys)), decisions: decided.filter(({ left, right }) => isOpen([left, right].flatMap((record) => peopleOf.get(record) ?? []))) };
    },
    async sealedEvents(request, events) {
      const peopleOf = await events.people();
      const sealed = await sealedTo(request, [...new Set([...peopleOf.values()].flat())]);
      return sealed.size === 0 ? [] : [...peopleOf].filter(([, keys]) => keys.some((key) => sealed.has(key))).map(([event]) => event);
    },
  };
}
