// headwater reidentify: the person behind a pseudonym of an extract, where a live clause gives identified items of that person to whoever asks, for the
// same purpose, on a ground that is kept.

import { openHeldPeople, openPseudonyms, readRecordFeeds } from '../build/index.ts';
import { Problem } from '../core/index.ts';
import { indexGrants, mostPseudonyms, openPeople, openReidentification, readAgreementPacks, storeAgreements, type ReidentifyAnswer, type ReidentifyOutcome } from '../govern/index.ts';
import type { Casework, Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { checkName, checkPurpose, parseAgencyRole } from './given-reader.ts';

interface Options {
  purpose: string;
  agreement: string;
  ground: string;
  by: string;
  as: string;
  home?: string;
  json?: boolean;
}

type Refused = Extract<ReidentifyOutcome, { ok: false }>['reason'];

const refusals: Record<Refused, { what: string; where: string; todo?: string }> = {
  'no-purpose': { what: 'No purpose is stated', where: '--purpose' },
  'ground-too-short': { what: 'The ground says too little', where: '--ground', todo: 'Write in five words or more why it must be known who this is.' },
  'ground-too-long': { what: 'The ground is longer than 1,000 characters', where: '--ground' },
  'no-pseudonym': { what: 'No pseudonym is given', where: 'PSEUDONYM' },
  malformed: { what: 'A pseudonym has 32 digits and letters from a to f', where: 'PSEUDONYM', todo: 'Copy it whole from the column person_id of the extract.' },
  'too-many': { what: `At most ${mostPseudonyms} pseudonyms can be asked for at once`, where: 'PSEUDONYM' },
};

async function reidentify(context: CliContext, home: Home, casework: Casework, pseudonyms: readonly string[], options: Options): Promise<ReidentifyAnswer[]> {
  const packs = readAgreementPacks(home.packs);
  const register = await storeAgreements(casework.db, context.clock, { packs });
  checkPurpose(options.purpose, packs);
  const who = { userId: checkName(options.by, '--by'), ...parseAgencyRole(options.as, '--as', packs.agencies) };
  const [held, source] = [openHeldPeople(home), openPseudonyms(home)];
  try {
    const people = openPeople(casework.db, context.clock, { source: held, feeds: readRecordFeeds(home.packs) });
    const { reidentify: run } = openReidentification(casework.db, context.clock, { people, register, pseudonyms: source });
    const outcome = await run({ index: indexGrants(await register.grants()), who, purpose: options.purpose, at: context.clock.now() }, { agreementId: options.agreement, ground: options.ground, pseudonyms });
    if (!outcome.ok) throw new Problem('usage', refusals[outcome.reason]);
    return outcome.answers;
  } finally {
    await held.close();
    await source.close();
  }
}

export async function reidentifyAll(context: CliContext, pseudonyms: string[], options: Options): Promise<void> {
  const home = homeOf(context, options);
  const casework = await context.openStore(home);
  try {
    const answers = await reidentify(context, home, casework, pseudonyms, options);
    print(context, options.json, answers, () => answers.map(({ pseudonym, personKey }) => `${pseudonym}  ${personKey ?? 'not given'}`));
    if (answers.every(({ personKey }) => personKey === null)) throw new Problem('notFound', { what: 'Nothing is given', todo: 'Nobody has this pseudonym for this purpose, or no live clause of this agreement gives you their records. Which of the two is not told; the asking is in the audit.' });
  } finally {
    await casework.close();
  }
}
