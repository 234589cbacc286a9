// /govern/retention/records: one decision to share, request for access or correction that may be due, and what is decided about it.

import type { FastifyInstance } from 'fastify';
import type { RecordToDecide } from '../../govern/index.ts';
import { recordKinds, type RecordKind } from '../../store/index.ts';
import { decisionRoutes } from './decision.routes.ts';
import { presentRecord, whyNotRecord } from './retained-record-pages.ts';
import { askedIds, createWords, recordAddress, type RetentionDeps } from './retention-pages.ts';

const asKind = (text: string): RecordKind | undefined => recordKinds.find((kind) => kind === text);

export function recordRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const { records } = deps.retention;
  const words = createWords(deps.vocabulary);
  decisionRoutes<RecordToDecide>(app, deps, {
    route: '/govern/retention/records/:kind/:recordId', title: 'A record to decide', whyNot: whyNotRecord, done: { keep: 'record-kept', propose: 'record-proposed', confirm: 'record-destroyed' },
    kind: ({ kind }) => kind,
    ids: ({ recordId, personKey }) => [recordId, personKey],
    askedFor: (params) => {
      const { kind, recordId } = params as { kind: string; recordId: string };
      return { kind: asKind(kind) ?? recordKinds[0], ids: askedIds(recordId) };
    },
    async find(who, params) {
      const { kind: named, recordId } = params as { kind: string; recordId: string };
      const kind = asKind(named);
      return kind && records.find(who, { kind, recordId });
    },
    addressOf: recordAddress,
    present: (record, who) => presentRecord(record, { words, who }),
    keep: (who, { kind, recordId }, decision) => records.keep(who, { kind, recordId, ...decision }),
    propose: (who, { kind, recordId }, reason) => records.propose(who, { kind, recordId, reason }),
    refuse: (who, { kind, recordId }, reason) => records.refuse(who, { kind, recordId, reason }),
    confirm: (who, { kind, recordId }) => records.confirm(who, { kind, recordId }),
  });
}
