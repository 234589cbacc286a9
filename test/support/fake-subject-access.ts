// Requests to see what is held, without a store: nobody asked, and nothing can be done. For tests of who may open which page.

import type { SubjectAccess } from '../../src/govern/index.ts';

export const nobodyAsked: SubjectAccess = {
  list: async () => [],
  find: async () => undefined,
  open: async () => ({ ok: false, reason: 'not-found' }),
  step: async () => ({ ok: false, reason: 'refused' }),
  addWord: async () => ({ ok: false }),
  choose: async () => ({ ok: false }),
  exempt: async () => ({ ok: false }),
  pack: async () => ({ kind: 'none' }),
  release: async () => ({ ok: false, reason: 'refused' }),
  released: async () => undefined,
  openFile: async () => undefined,
  releasedFile: async () => undefined,
};
