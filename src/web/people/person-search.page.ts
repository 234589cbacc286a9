// The search: what is known of somebody goes in, at most ten people come out, with how well they fit and only what the reader may see of them. The
// audit keeps who was returned, not what was typed.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { basisOfRecord, queryFields, writeBasis, type FieldFit, type FoundPerson, type PersonQuery, type QueryField, type SearchAnswer } from '../../govern/index.ts';
import { errorsAt, realDay, textOf, type FieldProblem } from '../form/sent-fields.ts';
import { presentDate } from '../frame/date-words.ts';
import { personAddress, type PeoplePagesDeps } from './people-pages.ts';
import { sealedWords } from './person-file.ts';
import { nameOf } from './person-view.ts';

const longest = 100;
const typedNames = ['forename', 'surname', 'birth-day', 'birth-month', 'birth-year', 'postcode', 'number'] as const;
type Typed = Record<(typeof typedNames)[number], string>;

const readTyped = (body: unknown): Typed => Object.fromEntries(typedNames.map((name) => [name, textOf((body as Record<string, unknown> | null)?.[name])])) as Typed;

function readQuery(typed: Typed): { query: PersonQuery; problems: FieldProblem[] } {
  const { forename, surname, postcode, number } = typed;
  const dated = typed['birth-day'] !== '' || typed['birth-month'] !== '' || typed['birth-year'] !== '';
  const birthDate = dated ? realDay({ day: typed['birth-day'], month: typed['birth-month'], year: typed['birth-year'] }) : undefined;
  const problems: FieldProblem[] = [
    ...typedNames.filter((name) => typed[name].length > longest).map((name) => ({ text: `Enter at most ${longest} characters`, href: `#${name}` })),
    ...(dated && birthDate === undefined ? [{ text: 'Enter a real date of birth, like 17 4 1961', href: '#birth-day' }] : []),
    ...(number !== '' && number.replaceAll(/[^\p{L}\p{N}]/gu, '').length < 3 ? [{ text: 'Enter the whole number', href: '#number' }] : []),
  ];
  const query: PersonQuery = { ...(forename ? { forename } : {}), ...(surname ? { surname } : {}), ...(birthDate ? { birthDate } : {}), ...(postcode ? { postcode } : {}), ...(number ? { number } : {}) };
  if (problems.length === 0 && queryFields.every((field) => query[field] === undefined)) problems.push({ text: 'Enter a name, a date of birth, a postcode or a number', href: '#surname' });
  return { query, problems };
}

const fieldWords: Record<QueryField, string> = { number: 'Number', surname: 'Last name', forename: 'First name', birthDate: 'Date of birth', postcode: 'Postcode' };
const fitWords: Record<FieldFit, string> = { same: 'the same', near: 'nearly the same', differs: 'different', 'not-shown': 'not shown to you' };

/** How well somebody fits, in one word or two. */
const howWell = (score: number): string => (score >= 0.95 ? 'Fits in all you entered' : score >= 0.75 ? 'Fits in most' : 'Fits in part');

function presentFound({ personKey, fit, feeds }: FoundPerson, agencyName: (code: string) => string) {
  const births = new Set(feeds.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flatMap(({ column, value }) => (column.person === 'birth_date' ? [value] : [])))));
  return {
    href: personAddress(personKey),
    name: nameOf(feeds) ?? 'Name not shown to you',
    birth: births.size === 0 ? null : [...births].map(presentDate).join(' or '),
    agencies: [...new Set(feeds.map(({ feed }) => agencyName(feed.holder)))].join(', '),
    howWell: howWell(fit.score),
    fields: fit.fields.map(({ field, fit: each }) => `${fieldWords[field]} ${fitWords[each]}`).join(', '),
  };
}

/** What allowed it, over all that were found; codes alone. */
const basisOf = ({ found }: SearchAnswer): string => writeBasis(found.flatMap(({ feeds }) => basisOfRecord(feeds).split(' ')));

export function personSearchRoutes(app: FastifyInstance, deps: PeoplePagesDeps): void {
  const door = { preHandler: deps.requirePage('people') };

  const show = (reply: FastifyReply, typed: Typed, more: { problems?: FieldProblem[]; answer?: SearchAnswer } = {}) => {
    const { problems = [], answer } = more;
    return deps.renderPage(reply, 'people/people.njk', {
      title: answer ? 'People found' : 'Find a person',
      ...(problems.length > 0 ? { error: true } : {}),
      problems,
      errorAt: errorsAt(problems),
      typed,
      searched: answer !== undefined,
      found: answer?.found.map((each) => presentFound(each, deps.agencyName)) ?? [],
      sealed: answer?.sealed.map(({ whomToRing }) => sealedWords(whomToRing)) ?? [],
    });
  };

  app.get('/people', door, async (request, reply) => {
    // The index is made at the first search after a build: begun while the form is filled in. Where it fails, the search says so.
    deps.people.prepare().catch(() => request.log.warn('the search of people is not ready'));
    return show(reply, readTyped(null));
  });

  app.post('/people', door, async (request, reply) => {
    const typed = readTyped(request.body);
    const { query, problems } = readQuery(typed);
    if (problems.length > 0) return show(reply.code(400), typed, { problems });
    const asking = await deps.gate.askingOf(request.session!);
    const answer = await deps.people.search(asking, query);
    const ids = [...answer.found, ...answer.sealed].map(({ personKey }) => personKey);
    const basis = basisOf(answer);
    const flags = [...new Set(answer.found.flatMap((found) => found.flags ?? []))];
    await deps.trail.record({ actorId: asking.who.userId, action: 'person.search', outcome: 'done', subjectKind: 'person', subjectIds: ids, ...(asking.purpose === null ? {} : { purpose: asking.purpose }), ...(basis === '' ? {} : { basis }), ...(flags.length > 0 ? { flags } : {}) });
    return show(reply, typed, { answer });
  });
}
