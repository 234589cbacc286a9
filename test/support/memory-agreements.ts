// The register of agreements in memory, for tests: it decides by the same acts as the one in the store, and ends with the process.

import type { Clock } from '../../src/core/index.ts';
import type { Agreement, AgreementContent, AgreementEvent } from '../../src/govern/agreement.ts';
import { actOfDrafting, actOfEnding, actOfSigning, actOfWithdrawing, findingsOf, newAgreementId, notFound, type Act } from '../../src/govern/agreement-acts.ts';
import { compileGrants } from '../../src/govern/agreement-grants.ts';
import { readAgreementPacks, type AgreementPacks } from '../../src/govern/agreement-packs.ts';
import type { AgreementOutcome, AgreementRegister } from '../../src/govern/agreement-register.ts';
import type { Grant, Reader } from '../../src/govern/access-request.ts';

export function memoryAgreements(clock: Clock, packs: AgreementPacks = readAgreementPacks(undefined)): AgreementRegister {
  const held = new Map<string, AgreementEvent[]>();
  const list = (): Agreement[] => [...held].map(([agreementId, events]) => ({ agreementId, events: [...events] })).toReversed();
  const find = (agreementId: string): Agreement | undefined => list().find((agreement) => agreement.agreementId === agreementId);
  let grants: { made: readonly Grant[]; now: number; newest: number } | undefined;

  const keep = <T extends object>(agreementId: string, act: Act, give: (event: AgreementEvent) => T): AgreementOutcome<T> => {
    if (!act.ok) return act;
    held.set(agreementId, [...(held.get(agreementId) ?? []), act.event]);
    grants = undefined;
    return { ok: true, ...give(act.event) };
  };
  const acting = (by: Reader) => ({ by, now: clock.now() });
  const drafting = (by: Reader) => ({ ...acting(by), packs, agreements: list() });
  const versionOf = (event: AgreementEvent) => ({ version: event.kind === 'drafted' ? event.version : 0 });

  return {
    list: async () => list(),
    find: async (agreementId) => find(agreementId),
    check: async (content, agreementId) => findingsOf(content, { packs, agreements: list(), now: clock.now() }, agreementId),
    async draft(content: AgreementContent, by: Reader) {
      const agreementId = newAgreementId();
      return keep(agreementId, actOfDrafting(undefined, content, drafting(by)), (event) => ({ agreementId, ...versionOf(event) }));
    },
    async redraft(agreementId, content, by, basedOn) {
      const agreement = find(agreementId);
      return agreement ? keep(agreementId, actOfDrafting(agreement, content, { ...drafting(by), basedOn }), versionOf) : notFound;
    },
    async sign(agreementId, version, by) {
      const agreement = find(agreementId);
      return agreement ? keep(agreementId, actOfSigning(agreement, version, acting(by)), () => ({})) : notFound;
    },
    async withdraw(agreementId, by, reason) {
      const agreement = find(agreementId);
      return agreement ? keep(agreementId, actOfWithdrawing(agreement, reason, acting(by)), () => ({})) : notFound;
    },
    async end(agreementId, by, reason) {
      const agreement = find(agreementId);
      return agreement ? keep(agreementId, actOfEnding(agreement, reason, acting(by)), () => ({})) : notFound;
    },
    async grants() {
      const now = clock.now();
      // A clock that went back behind what was recorded: nothing recorded may lie ahead of it.
      if (!grants || now < grants.now) {
        const newest = Math.max(-Infinity, ...list().flatMap(({ events }) => events.map(({ at }) => at)));
        if (!grants || now < newest || grants.now < newest) grants = { made: compileGrants(list(), { ...packs, now }), now, newest };
      }
      return grants.made;
    },
  };
}
