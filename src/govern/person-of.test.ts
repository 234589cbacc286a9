import { expect, it } from 'vitest';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { personOf } from './index.ts';

const [ada, before, gone] = ['P00000000000000a1', 'P00000000000000a9', 'P00000000000000d1'] as const;
const source = memoryPeople([heldRow(ada, 'early-help-episode', 2, { episode_ref: 'E1' })], { [before]: ada });

it('finds whom a key means now, and nobody but the key where it means nobody', async () => {
  for (const key of [ada, before]) expect(await personOf(source, key)).toEqual({ personKey: ada, meaning: [ada, before], ever: [ada, before] });
  expect(await personOf(source, gone)).toEqual({ personKey: gone, meaning: [gone], ever: [gone] });
});
