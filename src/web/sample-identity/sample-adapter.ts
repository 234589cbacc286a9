// What the sample identity provider remembers, in memory, for as long as the process lives: attempts, codes, tokens. The oldest go
// first when there are too many, so that endless attempts cannot fill the memory.

import type { Adapter, AdapterPayload } from 'oidc-provider';

const most = 2000;

export function createSampleAdapter(): (model: string) => Adapter {
  const held = new Map<string, { payload: AdapterPayload; expiresAt: number }>();
  const find = (id: string): AdapterPayload | undefined => {
    const entry = held.get(id);
    if (!entry) return undefined;
    if (entry.expiresAt > Date.now()) return entry.payload;
    held.delete(id);
    return undefined;
  };
  return (model) => {
    const idOf = (id: string) => `${model}:${id}`;
    const findBy = (field: 'uid' | 'userCode', value: string) =>
      [...held.keys()]
        .filter((id) => id.startsWith(`${model}:`))
        .map(find)
        .find((payload) => payload?.[field] === value);
    return {
      async upsert(id, payload, expiresIn) {
        held.delete(idOf(id));
        held.set(idOf(id), { payload, expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
        const [oldest] = held.keys();
        if (held.size > most && oldest !== undefined) held.delete(oldest);
      },
      find: async (id) => find(idOf(id)),
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (code) => findBy('userCode', code),
      async destroy(id) {
        held.delete(idOf(id));
      },
      async consume(id) {
        const payload = find(idOf(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async revokeByGrantId(grantId) {
        for (const [id, entry] of held) if (entry.payload.grantId === grantId) held.delete(id);
      },
    };
  };
}
