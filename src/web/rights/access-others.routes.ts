// What tells of other people in an answer: each to be removed or kept, with a reason, before anything is released; and further words to look for, which
// somebody found while reading.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AccessPack, PackPart, PartChoice, ReviewItem, ReviewPlace } from '../../govern/index.ts';
import { createNaming } from '../agreements/agreement-vocabulary.ts';
import { readSent, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';
import { presentDate } from '../frame/date-words.ts';
import { presentValue } from '../people/person-view.ts';
import { lostWords, presentFile } from './access-file.ts';
import { accessAddress, doneOf, noteAccess, openPack, type AccessPagesDeps } from './access-pages.ts';

const onPage = 20;
const placesShown = 8;
const aroundLetters = 90;
const longestReason = 1000;
const usualReason = 'It tells of somebody else, who has not agreed';

const kindWords: Record<ReviewItem['kind'], { title: string; says: string }> = {
  name: { title: 'A name', says: 'It is, or may be, the name of somebody around the person.' },
  title: { title: 'A title and a name', says: 'It may name somebody else.' },
  number: { title: 'A number or an address', says: 'It may lead to somebody else.' },
  word: { title: 'A word that you added', says: 'It stands here.' },
  column: { title: 'Fields of a record about others too', says: 'The record is about other people too, and these fields may lead to them.' },
  read: { title: 'A text to read', says: 'Read it. Keep it if nothing in it tells of somebody else but what is marked; add words below that should be looked for; remove it where only the whole can go.' },
  file: { title: 'A file of a case', says: 'Nobody can take a part out of a file. Open it and read all of it, and what it says of itself, such as its author. Keep it only where nothing in it tells of somebody else: it is handed over whole. Removed, it is named in the answer and not handed over.' },
  seal: { title: 'That the record is sealed', says: 'Keep it in the answer only where telling the person puts nobody in danger.' },
};

type Where = Pick<AccessPagesDeps, 'vocabulary'>;

function whereOf(part: PackPart, { vocabulary }: Where): string {
  const naming = createNaming(vocabulary);
  const what = { row: part.feed?.title, state: `${part.feed?.title ?? ''} (another state)`, aside: `${part.feed?.title ?? ''} (could not be read)`, correction: 'A fact reported as wrong', link: 'Records compared', asked: 'Who is behind a pseudonym', case: 'A case', entry: vocabulary.sections.get(part.code ?? '') ?? part.code, attachment: 'A file', share: 'A decision to share', glass: 'An emergency', seal: 'A seal', seen: 'Who saw it' }[part.kind] ?? '';
  return [part.holder === null ? '' : naming.agency(part.holder), what, part.date === null ? '' : presentDate(part.date)].filter((each) => each !== '').join(', ');
}

function presentPlace({ part, fact, start, end, choice }: ReviewPlace, kind: ReviewItem['kind'], where: Where, marks: readonly { start: number; end: number }[]) {
  const decided = choice && `${choice.choice === 'keep' ? 'Kept' : 'Removed'} by ${choice.by}: ${choice.reason}`;
  if (!fact) return { where: whereOf(part, where), pieces: [], label: '', decided };
  if (fact.file) return { where: whereOf(part, where), label: '', pieces: [{ text: presentFile(fact.file), mark: false }], decided, attachmentId: fact.file.attachmentId, lost: fact.file.lost ? lostWords[fact.file.lost] : null };
  const text = kind === 'column' && fact.column ? presentValue(fact.column, fact.value) : fact.value;
  if (kind === 'column') return { where: whereOf(part, where), label: fact.label, pieces: [{ text, mark: true }], decided };
  const [from, to] = kind === 'read' ? [0, text.length] : [Math.max(0, start - aroundLetters), Math.min(text.length, end + aroundLetters)];
  return { where: whereOf(part, where), label: fact.label, pieces: cut(text, { from, to }, kind === 'read' ? marks : [{ start, end }]), decided };
}

/** A stretch of a text in pieces, with what is found marked. */
function cut(text: string, { from, to }: { from: number; to: number }, marks: readonly { start: number; end: number }[]): { text: string; mark: boolean }[] {
  const pieces: { text: string; mark: boolean }[] = [];
  let at = from;
  for (const { start, end } of marks.toSorted((a, b) => a.start - b.start)) {
    pieces.push({ text: text.slice(at, start), mark: false }, { text: text.slice(start, end), mark: true });
    at = end;
  }
  pieces.push({ text: text.slice(at, to), mark: false });
  if (from > 0) pieces.unshift({ text: '… ', mark: false });
  if (to < text.length) pieces.push({ text: ' …', mark: false });
  return pieces.filter((piece) => piece.text !== '');
}

export function accessOthersRoutes(app: FastifyInstance, deps: AccessPagesDeps): void {
  const door = { preHandler: deps.requirePage('subject-access') };
  const address = '/govern/subject-access/:subjectAccessId/others';
  const pageOf = (query: unknown): number => Math.max(1, Math.min(1000, Math.trunc(Number((query as { page?: unknown }).page)) || 1));

  const show = (reply: FastifyReply, pack: AccessPack, { page, done = null, sent = null, word = '', problems = [], only }: { page: number; done?: string | null; sent?: Sent | null; word?: string; problems?: FieldProblem[]; only?: readonly ReviewItem[] }) => {
    const own = accessAddress(pack.file.subjectAccessId, '/others');
    const items = only ?? pack.items.slice((page - 1) * onPage, page * onPage);
    const marksIn = (place: ReviewPlace) => pack.items.filter(({ kind }) => kind !== 'read' && kind !== 'column').flatMap(({ places }) => places.filter(({ part, fact }) => part === place.part && fact === place.fact));
    const last = Math.max(1, Math.ceil(pack.items.length / onPage));
    return deps.renderPage(reply, 'rights/access-others.njk', {
      title: 'What tells of others', ...(problems.length > 0 ? { error: true } : {}), problems, done, back: accessAddress(pack.file.subjectAccessId), address: own, page, waiting: pack.waiting, total: pack.items.length, usualReason,
      word, wordError: problems.find(({ href }) => href === '#word')?.text ?? null, words: pack.words.map((each) => each.word),
      items: items.map((item) => {
        const [first] = item.places;
        const choice = sent?.text(`choice-${item.id}`) ?? (item.waits ? '' : (first!.choice?.choice ?? ''));
        return {
          id: item.id, ...kindWords[item.kind], found: item.kind === 'name' || item.kind === 'title' || item.kind === 'number' || item.kind === 'word' ? item.found : null, waits: item.waits, choice, reason: sent?.text(`reason-${item.id}`) ?? first!.choice?.reason ?? usualReason,
          places: item.places.slice(0, item.kind === 'column' ? 50 : placesShown).map((place) => presentPlace(place, item.kind, deps, item.kind === 'read' ? marksIn(place) : [])).map((place) => ({ ...place, href: 'attachmentId' in place ? accessAddress(pack.file.subjectAccessId, `/files/${place.attachmentId}`) : null })), more: Math.max(0, item.places.length - (item.kind === 'column' ? 50 : placesShown)),
          error: problems.find(({ href }) => href === `#choice-${item.id}` || href === `#reason-${item.id}`)?.text ?? null,
        };
      }),
      previousHref: page > 1 && !only ? `${own}?page=${page - 1}` : null, nextHref: page < last && !only ? `${own}?page=${page + 1}` : null,
    });
  };

  app.get(address, door, async (request, reply) => {
    const opened = await openPack(request, reply, deps);
    return opened ? show(reply, opened.pack, { page: pageOf(request.query), done: doneOf(request.query) }) : reply;
  });

  app.post(address, door, async (request, reply) => {
    const opened = await openPack(request, reply, deps);
    if (!opened) return reply;
    const { who, pack } = opened;
    const { subjectAccessId } = pack.file;
    const names = pack.items.flatMap(({ id }) => [`choice-${id}`, `reason-${id}`]);
    const sent = readSent(request.body, ['act', 'word', ...names]);
    const refused = async (typed: { word?: string; sent?: Sent; only?: readonly ReviewItem[] }) => {
      await noteAccess(deps, who, { action: 'decide', outcome: 'refused', ids: [subjectAccessId, pack.personKey] });
      return show(reply.code(409), pack, { page: 1, problems: [{ text: 'It could not be kept: the request is closed or sealed', href: '#main-content' }], ...typed });
    };
    if (sent.text('act') === 'word') {
      const word = sent.text('word');
      const wrong = word.length < 2 ? 'Enter a word or a name of at least 2 letters' : word.length > 100 ? 'The word must be 100 characters or fewer' : /[\p{L}\p{N}]/u.test(word) ? undefined : 'The word must have a letter or a digit';
      if (wrong) return show(reply.code(400), pack, { page: 1, word, problems: [{ text: wrong, href: '#word' }] });
      return (await deps.subjectAccess.addWord(who, subjectAccessId, word)).ok ? reply.redirect(`${accessAddress(subjectAccessId, '/others')}?done=words`, 303) : refused({ word });
    }
    // Only what the page showed: what is not sent is left as it was.
    const asked = pack.items.filter(({ id }) => sent.text(`reason-${id}`) !== '' || sent.text(`choice-${id}`) !== '');
    const { problems, choices } = readChoices(asked, sent);
    if (problems.length > 0 || choices.length === 0) return show(reply.code(400), pack, { page: 1, sent: asked.length > 0 ? sent : null, ...(asked.length > 0 ? { only: asked } : {}), problems: problems.length > 0 ? problems : [{ text: 'Choose for at least one whether it is removed or kept', href: asked[0] ? `#choice-${asked[0].id}` : '#main-content' }] });
    return (await deps.subjectAccess.choose(who, subjectAccessId, choices)).ok ? reply.redirect(`${accessAddress(subjectAccessId, '/others')}?done=decided`, 303) : refused({ sent, only: asked });
  });
}

function readChoices(asked: readonly ReviewItem[], sent: Sent): { problems: FieldProblem[]; choices: Pick<PartChoice, 'place' | 'choice' | 'reason'>[] } {
  const problems: FieldProblem[] = [];
  const choices = asked.flatMap(({ id, found, places }) => {
    const [choice, reason] = [sent.text(`choice-${id}`), sent.text(`reason-${id}`)];
    if (choice === '') return [];
    if (choice !== 'remove' && choice !== 'keep') problems.push({ text: 'Choose only from the list', href: `#choice-${id}` });
    else if (reason === '') problems.push({ text: 'Enter why', href: `#reason-${id}` });
    else if (reason.length > longestReason) problems.push({ text: `The reason must be ${longestReason.toLocaleString('en-GB')} characters or fewer`, href: `#reason-${id}` });
    else if (choice === 'keep' && reason === usualReason) problems.push({ text: `Enter why ${found !== '' && found.length < 40 ? `“${found}”` : 'this'} is kept`, href: `#reason-${id}` });
    else return unchanged(places, choice, reason) ? [] : places.map(({ place }) => ({ place, choice, reason }) as const);
    return [];
  });
  return { problems, choices };
}

const unchanged = (places: readonly ReviewPlace[], choice: string, reason: string): boolean => places.every((place) => place.choice?.choice === choice && place.choice.reason === reason);
