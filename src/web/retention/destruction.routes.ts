// A proposal to destroy a case: every row that will go, to be confirmed by another person or refused; and the certificates of what was destroyed, each a
// page to be printed.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Certificate, ProposalFile, Reader } from '../../govern/index.ts';
import type { RecordKind } from '../../store/index.ts';
import { problemsOf, type FormField } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { readConfirmation } from './decision-form.ts';
import { agencyOf, recordRowWords, recordWords } from './retained-record-pages.ts';
import { askedIds, caseAddress, certificateAddress, createWords, doneOf, noteRetention, notesOf, proposalAddress, retentionHome, whyNot, type RetentionDeps } from './retention-pages.ts';

const onPage = 50;
/** Rows are named one by one up to this many; all are counted. */
const mostRows = 500;
const kindWords = { case: 'The case itself', member: 'Somebody who works on it', entry: 'An entry', attachment: 'An attached file' } as const;

export function destructionRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  proposalRoutes(app, deps);
  certificateRoutes(app, deps);
}

function proposalRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  const { retention } = deps;
  const open = async (request: FastifyRequest, reply: FastifyReply): Promise<{ who: Reader; file: ProposalFile } | undefined> => {
    const who = await readerOf(deps, request);
    const { proposalId } = request.params as { proposalId: string };
    const file = await retention.findProposal(who, proposalId);
    await noteRetention(deps, who, { action: 'retention.view', outcome: file ? 'done' : 'refused', ids: file ? [file.proposalId, file.caseId, ...(file.case ? [file.case.personKey] : [])] : askedIds(proposalId) });
    if (file) return { who, file };
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  };
  const show = (reply: FastifyReply, { who, file }: { who: Reader; file: ProposalFile }, { confirm, refuse }: { confirm: FormField; refuse: FormField }, given: { done?: string | null; problems?: FieldProblem[] } = {}) => {
    const problems = given.problems ?? problemsOf([confirm, refuse]);
    return deps.renderPage(reply, 'retention/destruction.njk', { title: 'A proposal to destroy a case', ...(problems.length > 0 ? { error: true } : {}), problems, done: given.done ?? null, proposal: presentProposal(file, who, deps), confirmField: confirm, refuseField: refuse });
  };

  app.get('/govern/retention/proposals/:proposalId', door, async (request, reply) => {
    const opened = await open(request, reply);
    return opened ? show(reply, opened, readConfirmation(null), { done: doneOf(request.query) }) : reply;
  });

  app.post('/govern/retention/proposals/:proposalId', door, async (request, reply) => {
    const opened = await open(request, reply);
    if (!opened) return reply;
    const { who, file: { proposalId, caseId } } = opened;
    const { act, confirm, refuse, confirmed, reason } = readConfirmation(request.body);
    if (act === 'confirm' ? !confirmed : reason === undefined) return show(reply.code(400), opened, { confirm, refuse });
    const outcome = act === 'confirm' ? await retention.confirm(who, proposalId) : await retention.refuse(who, { proposalId, reason: reason! });
    if (outcome.ok) return reply.redirect(act === 'confirm' ? `${certificateAddress(outcome.id)}?done=destroyed` : `${retentionHome}?done=refused`, 303);
    await noteRetention(deps, who, { action: act === 'confirm' ? 'retention.destroy' : 'retention.refuse', outcome: 'refused', ids: [proposalId, caseId], basis: outcome.reason });
    return show(reply.code(409), opened, { confirm, refuse }, { problems: [{ text: whyNot[outcome.reason], href: '#main-content' }] });
  });
}

const row = (label: string, lines: readonly string[]) => ({ label, lines });

function presentProposal(file: ProposalFile, who: Reader, { vocabulary }: RetentionDeps) {
  const words = createWords(vocabulary);
  const own = file.proposedBy === who.userId;
  const waits = file.certificate === null && file.refusal === null;
  return {
    address: proposalAddress(file.proposalId),
    rows: [
      ...(file.case ? [row('Person', [file.case.personKey])] : []), row('Case', [file.caseId]), row('Agency', [words.agency(file.holder)]), row('Schedule', [file.scheduleWords]), row('Due since', [presentDate(file.dueOn)]),
      row('Why', file.reason.split('\n')), row('Proposed', [`${presentDateTime(file.proposedAt)}, by ${file.proposedBy}`]),
      ...(file.refusal ? [row('Refused', [`${presentDateTime(file.refusal.at)}, by ${file.refusal.by}`, file.refusal.reason])] : []), row('Fingerprint of these rows (SHA-256)', [file.sha256]),
    ],
    notes: waits && file.case ? notesOf(file.case) : [],
    counted: `${presentCount(file.rows.length)} ${file.rows.length === 1 ? 'row' : 'rows'}`,
    rowsTitle: file.refusal === null ? 'What will go' : 'The rows of the case now',
    items: file.rows.slice(0, mostRows).map(({ kind, id, section, agency, at, size }) => ({ what: kindWords[kind], section: section === null ? '' : words.section(section), agency: words.agency(agency), day: presentDate(at), size: kind === 'entry' || kind === 'attachment' ? `${presentCount(size)} bytes` : '', id })),
    left: Math.max(0, file.rows.length - mostRows),
    caseHref: file.case ? caseAddress(file.caseId) : null,
    certificateHref: file.certificate === null ? null : certificateAddress(file.certificate),
    refused: file.refusal !== null,
    hindrance: file.hindrance === null ? null : whyNot[file.hindrance],
    mayConfirm: waits && !own && file.hindrance === null,
    mayRefuse: waits,
    own,
  };
}

function certificateRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const door = { preHandler: deps.requirePage('retention') };
  const words = createWords(deps.vocabulary);

  app.get('/govern/retention/certificates', door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const { before } = request.query as { before?: unknown };
    const found = await deps.retention.listCertificates(who, { most: onPage + 1, before: numberOf(before) });
    const listed = found.slice(0, onPage);
    await noteRetention(deps, who, { action: 'retention.certificates', outcome: 'done', ids: listed.map(idOf) });
    return deps.renderPage(reply, 'retention/certificates.njk', {
      title: 'Certificates of destruction',
      certificates: listed.map((each) => ({ number: each.number, href: certificateAddress(each.number), at: presentDateTime(each.confirmedAt), agency: agencyOf(each.holder, words), rows: presentCount(each.counts.reduce((sum, { rows }) => sum + rows, 0)) })),
      nextHref: found.length > onPage ? `/govern/retention/certificates?before=${listed.at(-1)!.number}` : null,
    });
  });

  app.get('/govern/retention/certificates/:number', door, async (request, reply) => {
    const who = await readerOf(deps, request);
    const number = numberOf((request.params as { number: string }).number);
    const certificate = number === undefined ? undefined : await deps.retention.findCertificate(who, number);
    await noteRetention(deps, who, { action: 'retention.view', outcome: certificate ? 'done' : 'refused', ids: certificate ? [certificate.proposalId, idOf(certificate)] : [] });
    if (!certificate) return deps.sendProblem(request, reply, notFound);
    return deps.renderPage(reply, 'retention/certificate.njk', { title: `Certificate of destruction ${certificate.number}`, done: doneOf(request.query), certificate: presentCertificate(certificate, deps) });
  });
}

/** A number that a certificate can have. */
const numberOf = (text: unknown): number | undefined => (typeof text === 'string' && /^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined);

function presentCertificate(certificate: Certificate, { vocabulary }: RetentionDeps) {
  const words = createWords(vocabulary);
  return {
    number: certificate.number,
    what: certificate.load ? 'A file that was loaded, and all its rows,' : certificate.record ? destroyedRecord[certificate.record.kind] : 'A case and all that was written in it',
    rows: [
      ...(certificate.load ? [row('Feed', [words.feed(certificate.load.feed)]), row('Load', [...certificate.load.parts])] : certificate.record ? [row(recordWords[certificate.record.kind], [certificate.record.id])] : [row('Case', [certificate.caseId!])]), row('Agency', [agencyOf(certificate.holder, words)]), row('Schedule', [certificate.scheduleWords]), row('Due since', [presentDate(certificate.dueOn)]),
      row(certificate.load ? 'Days of its rows' : 'Made between', [`${presentDate(certificate.firstOn)} and ${presentDate(certificate.lastOn)}`]), row('Why', certificate.reason.split('\n')),
      row('Proposed', [`${presentDateTime(certificate.proposedAt)}, by ${certificate.proposedBy}`]), row('Confirmed and destroyed', [`${presentDateTime(certificate.confirmedAt)}, by ${certificate.confirmedBy}`]), row(certificate.load ? 'Fingerprint of the file (SHA-256)' : 'Fingerprint of what was destroyed (SHA-256)', [certificate.sha256]),
    ],
    counts: certificate.counts.map(({ kind, section, agency, rows }) => ({ what: countWords[kind], section: section === null ? '' : words.section(section), agency: agencyOf(agency, words), rows: presentCount(rows) })),
    copies: certificate.copies,
  };
}

const countWords = { case: 'The case itself', member: 'People who worked on it', entry: 'Entries', attachment: 'Attached files', row: 'Rows of the file', ...recordRowWords } as const;
const destroyedRecord: Record<RecordKind, string> = { 'share-record': 'A decision to share or to withhold, and what was added to it,', 'subject-access': 'A request for access, and all that was decided for its answer,', correction: 'A correction, and all that was decided about it,' };
const idOf = ({ caseId, load, record }: Certificate): string => caseId ?? load?.load ?? record!.id;
