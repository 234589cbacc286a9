// headwater extract: rows without names for one purpose, under one agreement, for one named person; with pseudonyms that no other purpose has.

import { checkExtractPlace, planExtract, writeExtract, type ExtractManifest } from '../build/index.ts';
import { Problem } from '../core/index.ts';
import { agreementStatus, meansScore, readAgreementPacks, storeAgreements, writeBasis, type AgreementPacks, type AgreementRegister, type Grant, type Refusal } from '../govern/index.ts';
import { listFeeds } from '../ingest/index.ts';
import { recordAuditEvent, type Casework, type Home } from '../store/index.ts';
import { classificationFor } from '../understand/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { checkName, checkPurpose, noScore, parseAgencyRole, type AgencyRole } from './given-reader.ts';

interface Options {
  purpose: string;
  agreement: string;
  out: string;
  recipient: string;
  by: string;
  to?: string;
  column?: string[];
  home?: string;
  json?: boolean;
}

interface Opened {
  context: CliContext;
  home: Home;
  casework: Casework;
  packs: AgreementPacks;
  register: AgreementRegister;
}

const reasonWords: Partial<Record<Refusal, string>> = {
  lapsed: 'The agreement has lapsed',
  'power-not-in-force': 'The legal power that the agreement rests on is not in force',
  'not-yet': 'The agreement, or the legal power that it rests on, has not begun',
  'not-in-this-form': 'The agreement gives records of named people for this purpose, and none without names',
};

const isLive = (grant: Grant, at: number): boolean => grant.form === 'pseudonymised' && grant.from <= at && at < grant.to;

/** The agency and role for whom it is: as told, or the one that the clauses name. */
function recipientOf({ to }: Options, grants: readonly Grant[], packs: AgreementPacks): AgencyRole | undefined {
  if (to !== undefined) return parseAgencyRole(to, '--to', packs.agencies);
  const all = new Map(grants.map(({ agency, role }) => [`${agency}/${role}`, { agency, role }]));
  if (all.size > 1) throw new Problem('usage', { what: 'The clauses name several recipients', where: '--to', todo: `Say which: --to ${[...all.keys()].toSorted().join(', or --to ')}.` });
  return all.values().next().value;
}

/** Says why there is no extract, and which agreements would give one. */
async function refused({ register, packs, context }: Opened, { purpose, agreement: agreementId }: Options, reason: Refusal, grants: readonly Grant[]): Promise<Problem> {
  const at = context.clock.now();
  const others = [...new Set(grants.filter((grant) => grant.purpose === purpose && isLive(grant, at)).map((grant) => grant.agreementId))];
  const named = await Promise.all(others.map(async (id) => ({ id, agreement: await register.find(id) })));
  const listed = named.flatMap(({ id, agreement }) => (agreement ? [`${id} (${agreementStatus(agreement, at).content.title})`] : []));
  const what = reasonWords[reason] ?? `No live clause of this agreement gives data without names to this recipient for "${packs.purposes.get(purpose)?.title ?? purpose}"`;
  return new Problem('failed', { what, where: `--agreement ${agreementId}`, todo: listed.length > 0 ? `Agreements that give some for this purpose: ${listed.join(', ')}.` : 'Agree on sharing first: see /govern/agreements.' });
}

function checkWords({ purpose, column }: Options, packs: AgreementPacks): void {
  checkPurpose(purpose, packs);
  const score = column?.find(meansScore);
  if (score !== undefined) throw noScore(score, '--column');
}

async function extract(opened: Opened, options: Options): Promise<{ manifest: ExtractManifest; sha256: string }> {
  const { context, home, casework, packs, register } = opened;
  const [recipient, by] = [checkName(options.recipient, '--recipient'), checkName(options.by, '--by')];
  checkWords(options, packs);
  checkExtractPlace(home, options.out);
  const at = context.clock.now();
  const grants = await register.grants();
  const own = grants.filter(({ agreementId, purpose }) => agreementId === options.agreement && purpose === options.purpose);
  const agencyRole = recipientOf(options, own.filter((grant) => isLive(grant, at)), packs);
  const audit = (outcome: 'done' | 'refused', basis: string, ids: string[]) =>
    recordAuditEvent(casework.db, context.clock, { actorId: by, action: 'extract.make', outcome, subjectKind: 'extract', subjectIds: ids, purpose: options.purpose, basis });
  // Of clauses that hold no longer, the first says why.
  const reader = agencyRole ?? own.find((grant) => grant.form === 'pseudonymised');
  const planned = reader
    ? planExtract({ contracts: listFeeds(home.packs), items: packs.feeds, grants, agreementId: options.agreement, purpose: options.purpose, reader: { userId: recipient, agency: reader.agency, role: reader.role }, at, ...(options.column ? { only: options.column } : {}) })
    : { ok: false as const, reason: own.length > 0 ? ('not-in-this-form' as const) : ('no-agreement' as const) };
  if (!planned.ok && planned.reason === 'unknown-column') throw new Problem('usage', { what: `"${planned.column}" is not among the columns that these clauses give`, where: '--column', todo: `They give: ${planned.columns.join(', ')}.` });
  const agreement = await register.find(options.agreement);
  if (!planned.ok || !agencyRole || !agreement) {
    const reason = planned.ok ? 'no-agreement' : (planned.reason as Refusal);
    await audit('refused', reason, agreement ? [options.agreement] : []);
    throw await refused(opened, options, reason, grants);
  }
  const terms = {
    purpose: { code: options.purpose, title: packs.purposes.get(options.purpose)!.title },
    agreement: { id: options.agreement, title: agreementStatus(agreement, at).content.title },
    recipient: { name: recipient, ...agencyRole },
    madeBy: by,
    madeAt: new Date(at).toISOString(),
  };
  return writeExtract(home, {
    plan: planned.plan, terms, classification: classificationFor(home.packs), out: options.out, progress: context.progress,
    beforeGiven: ({ sha256 }) => audit('done', writeBasis(planned.plan.clauses), [options.agreement, sha256]),
  });
}

export async function makeExtract(context: CliContext, options: Options): Promise<void> {
  const home = homeOf(context, options);
  const casework = await context.openStore(home);
  try {
    const packs = readAgreementPacks(home.packs);
    const register = await storeAgreements(casework.db, context.clock, { packs });
    const { manifest, sha256 } = await extract({ context, home, casework, packs, register }, options);
    print(context, options.json, { ...manifest, sha256 }, () => [
      `The extract is in ${options.out}, for ${manifest.recipient.name} alone.`,
      ...manifest.tables.map(({ name, rows, columns }) => `  ${name}: ${rows.toLocaleString('en-GB')} ${rows === 1 ? 'row' : 'rows'}, ${columns.join(', ')}`),
      'No small number is hidden in it: README.md says what its reader must do. It is not encrypted.',
      `Its manifest is in the audit as ${sha256}.`,
    ]);
  } finally {
    await casework.close();
  }
}
