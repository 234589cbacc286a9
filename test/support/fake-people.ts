// People and protection without a store, for tests of who may open which page: nobody is known, nothing waits.

import type { CaseDesk, Corrections, People, Protection, Reidentification, RetentionDesk, ShareRecords } from '../../src/govern/index.ts';

export const nobody: People = {
  find: async () => ({ kind: 'none', reason: 'not-found' }),
  search: async () => ({ found: [], sealed: [] }),
  comparable: async () => [],
  namesOf: async () => new Map(),
  breakGlass: async () => ({ ok: false, reason: 'not-found' }),
  prepare: async () => undefined,
  exists: async () => undefined,
  sealedTo: async () => new Set(),
};

const refused = async () => ({ ok: false as const });
export const noCases: CaseDesk = {
  list: async () => ({ cases: [], basis: '' }),
  find: async () => undefined,
  ofPerson: async () => ({ cases: [], basis: '' }),
  mayBegin: async () => false,
  begin: refused,
  write: refused,
  assignLead: refused,
  addMember: refused,
  endMember: refused,
  close: refused,
  attach: refused,
  openAttachment: async () => undefined,
};

export const nothingWaits: Protection = {
  listGlass: async () => [],
  listUnreviewed: async () => [],
  countUnreviewed: async () => 0,
  review: async () => ({ ok: false }),
  listSeals: async () => [],
  seal: async () => ({ ok: false }),
  addKeeper: async () => ({ ok: false }),
  lift: async () => ({ ok: false }),
};

export const nothingCorrected: Corrections = {
  rows: async () => undefined,
  row: async () => undefined,
  report: async () => ({ ok: false, reason: 'not-found' }),
  list: async () => [],
  find: async () => undefined,
  decide: async () => ({ ok: false }),
  waiting: async () => 0,
  notices: async () => [],
  acknowledge: async () => ({ ok: false }),
};

export const nothingShared: ShareRecords = {
  list: async () => [],
  find: async () => undefined,
  add: async () => ({ ok: false }),
  followUp: async () => ({ ok: false }),
  review: async () => ({ ok: false }),
};

const notThere = async () => ({ ok: false as const, reason: 'not-there' as const });
export const nothingKept: RetentionDesk = {
  queue: async () => ({ due: [], unscheduled: 0, undated: 0, truncated: false }),
  findCase: async () => undefined,
  keep: notThere,
  propose: notThere,
  listProposals: async () => [],
  findProposal: async () => undefined,
  refuse: notThere,
  confirm: notThere,
  listHolds: async () => [],
  findHold: async () => undefined,
  knowsPerson: async () => false,
  placeHold: notThere,
  liftHold: notThere,
  listCertificates: async () => [],
  findCertificate: async () => undefined,
  loads: { listProposals: async () => [], queue: async () => ({ due: [], unscheduled: 0, waiting: [] }), find: async () => undefined, keep: notThere, propose: notThere, refuse: notThere, confirm: notThere },
  records: { listProposals: async () => [], queue: async () => ({ due: [], waiting: [], truncated: false }), find: async () => undefined, keep: notThere, propose: notThere, refuse: notThere, confirm: notThere },
};

export const nothingAsked: Reidentification = {
  reidentify: async () => ({ ok: false, reason: 'no-purpose' }),
  agreementsFor: async () => [],
  list: async () => [],
};
