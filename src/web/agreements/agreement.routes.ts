// The pages of agreements: reading them, writing them, what people do to them, what they come to as documents, and what they give a reader.

import type { FastifyInstance } from 'fastify';
import { memoryDrafts, readAgreementPacks, type AgreementDrafts, type AgreementPacks, type AgreementRegister } from '../../govern/index.ts';
import type { Clock } from '../../core/index.ts';
import type { PageDeps } from '../page.ts';
import { agreementActRoutes } from './agreement-acts.routes.ts';
import { agreementDocumentRoutes } from './agreement-document.page.ts';
import { agreementReadRoutes } from './agreement-read.routes.ts';
import type { AgreementPagesDeps } from './agreement-pages.ts';
import { presentVocabulary } from './agreement-vocabulary.ts';
import { agreementWritingRoutes } from './agreement-writing.routes.ts';
import { dataFlowRoutes } from './data-flows.page.ts';
import { myAccessRoutes } from './my-access.page.ts';

export interface AgreementRoutesDeps extends PageDeps {
  clock: Clock;
  register: AgreementRegister;
  /** Drafts in memory where absent: they end with the process. */
  drafts?: AgreementDrafts;
  /** The product's own where absent. */
  packs?: AgreementPacks;
}

export function agreementRoutes(app: FastifyInstance, given: AgreementRoutesDeps): void {
  const packs = given.packs ?? readAgreementPacks(undefined);
  const deps: AgreementPagesDeps = { ...given, packs, drafts: given.drafts ?? memoryDrafts(given.clock), vocabulary: presentVocabulary(packs) };
  agreementWritingRoutes(app, deps);
  agreementReadRoutes(app, deps);
  agreementActRoutes(app, deps);
  agreementDocumentRoutes(app, deps);
  dataFlowRoutes(app, deps);
  myAccessRoutes(app, deps);
}
