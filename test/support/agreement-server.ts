// A web server with the pages of agreements over a register in memory, for their tests: agreements from the templates, and people of any
// role and agency.

import type { LightMyRequestResponse } from 'fastify';
import { memoryAgreements } from './memory-agreements.ts';
import type { Role } from '../../src/core/index.ts';
import { contentFromTemplate, memoryDrafts, readAgreementPacks, type AgreementContent, type AgreementDrafts, type AgreementPacks, type AgreementRegister } from '../../src/govern/index.ts';
import type { AuditEvent } from '../../src/store/index.ts';
import { agreementRoutes } from '../../src/web/agreements/agreement.routes.ts';
import { get, handClock, openJar, openTestServer, plainPages, sendForm, signedInAs, type HandClock, type TestServer } from './web-server.ts';

export interface Visitor {
  get(url: string): Promise<LightMyRequestResponse>;
  /** Sends a form with the token of the page at `from`; a list of pairs may name a field twice. */
  send(url: string, form?: Record<string, string> | [string, string][], from?: string): Promise<LightMyRequestResponse>;
  /** As `send`, from the page itself. */
  answer(url: string, form?: Record<string, string> | [string, string][]): Promise<LightMyRequestResponse>;
}

export interface AgreementServer {
  server: TestServer;
  clock: HandClock;
  register: AgreementRegister;
  drafts: AgreementDrafts;
  packs: AgreementPacks;
  audited: AuditEvent[];
  as(role: Role, agency: string, userId?: string): Promise<Visitor>;
  /** An agreement of police and violence reduction unit, or as given; not signed. */
  draft(given?: Partial<AgreementContent>): Promise<string>;
  /** Signs the newest version for each of its parties. */
  signAll(agreementId: string): Promise<void>;
  content(given?: Partial<AgreementContent>): AgreementContent;
}

export async function openAgreementServer(): Promise<AgreementServer> {
  const clock = handClock();
  const packs = readAgreementPacks(undefined);
  const register = memoryAgreements(clock, packs);
  const drafts = memoryDrafts(clock);
  const audited: AuditEvent[] = [];
  const server = await openTestServer({ audit: { record: async (event) => void audited.push(event), list: async () => [] }, clock }, [plainPages, (app, deps) => agreementRoutes(app, { ...deps, clock, register, drafts, packs })]);

  const content = (given: Partial<AgreementContent> = {}): AgreementContent => ({ ...smallContent(packs), ...given });
  const draft = async (given: Partial<AgreementContent> = {}) => {
    const drafted = await register.draft(content(given), { userId: 'lead', role: 'governance-lead', agency: 'police' });
    if (!drafted.ok) throw new Error(`${drafted.reason}: ${drafted.findings.map(({ message }) => message).join(' ')}`);
    return drafted.agreementId;
  };
  const signAll = async (agreementId: string) => {
    const agreement = (await register.find(agreementId))!;
    const newest = agreement.events.findLast((event) => event.kind === 'drafted')!;
    for (const { agency } of newest.content.parties) {
      const signed = await register.sign(agreementId, newest.version, { userId: `signatory-${agency}`, role: 'signatory', agency });
      if (!signed.ok && signed.reason !== 'signed-already') throw new Error(signed.reason);
    }
  };
  const as = async (role: Role, agency: string, userId = `${role}-${agency}`): Promise<Visitor> => {
    const jar = openJar();
    const { cookie } = await signedInAs({ ...server, clock }, role, { userId, agency });
    jar.set('headwater', cookie.slice('headwater='.length));
    const send: Visitor['send'] = (url, form = {}, from = '/govern/agreements') => sendForm(server.app, jar, url, { form, from });
    return { get: (url) => get(server.app, jar, url), send, answer: (url, form) => send(url, form, url) };
  };
  return { server, clock, register, drafts, packs, audited, as, draft, signAll, content };
}

/** Police give incidents without names to analysts of the violence reduction unit. */
function smallContent(packs: AgreementPacks): AgreementContent {
  const whole = contentFromTemplate(packs.templates.get('understand-demand-and-harm')!, '2026-11-01');
  const [clause] = whole.clauses;
  return {
    ...whole,
    title: 'Incidents without names',
    parties: whole.parties.filter(({ agency }) => agency === 'police' || agency === 'violence-reduction-unit'),
    clauses: [{ ...clause!, from: ['police'], items: [{ feed: 'police-incident', fields: 'all' }], to: [{ agency: 'violence-reduction-unit', roles: ['analyst'] }] }],
  };
}

