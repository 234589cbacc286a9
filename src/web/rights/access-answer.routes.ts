// The answer as it will be, each part of which the law may let be left out, with ground and words; and the files of what was released, which come again only
// where they are still the same to the byte.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AccessPack } from '../../govern/index.ts';
import { askOne, askText, namesOf, problemsOf, readSent, type FormField, type Sent } from '../form/step-form.ts';
import { presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import { notFound } from '../problem/http-problem.ts';
import { answerNotes, rightsNotes } from './access-answer.ts';
import { filesOf } from './access-files.ts';
import { accessAddress, answerOf, doneOf, noteAccess, openPack, type AccessPagesDeps } from './access-pages.ts';

export function accessAnswerRoutes(app: FastifyInstance, deps: AccessPagesDeps): void {
  const door = { preHandler: deps.requirePage('subject-access') };
  const { subjectAccess, exemptions } = deps;
  const base = '/govern/subject-access/:subjectAccessId';
  const leaveOutAddress = (id: string, part: string) => accessAddress(id, `/leave-out?part=${encodeURIComponent(part)}`);

  app.get(`${base}/answer`, door, async (request, reply) => {
    const opened = await openPack(request, reply, deps);
    if (!opened) return reply;
    const { pack } = opened;
    const { subjectAccessId } = pack.file;
    const answer = answerOf(deps, pack);
    const leaveOut = (part: string) => (/^(agreement|seal|looked):/.test(part) ? null : leaveOutAddress(subjectAccessId, part));
    return deps.renderPage(reply, 'rights/access-answer.njk', {
      title: 'The answer as it will be', done: doneOf(request.query), back: accessAddress(subjectAccessId), othersHref: accessAddress(subjectAccessId, '/others'), waiting: pack.waiting, namesakes: pack.beyond?.namesakes ?? 0, ofOthers: pack.beyond?.rowsOfOthers ?? 0, notes: answerNotes, rights: rightsNotes,
      answer: { ...answer, sections: answer.sections.map((section) => ({ ...section, blocks: section.blocks.map((block) => ({ ...block, leaveOut: block.group === null ? null : leaveOut(block.group), entries: block.entries.map((entry) => ({ ...entry, leaveOut: leaveOut(entry.part) })) })) })) },
      withheld: [...pack.withheld.values()].map((each) => ({ title: titleOf(pack, each.part), ground: exemptions.get(each.ground)?.title ?? each.ground, words: each.words, who: `${each.by}, ${presentDateTime(each.at)}`, href: leaveOutAddress(subjectAccessId, each.part) })),
    });
  });

  const showForm = (reply: FastifyReply, pack: AccessPack, part: string, fields: readonly FormField[]) => {
    const problems = problemsOf(fields);
    const withheld = pack.withheld.has(part);
    return deps.renderPage(reply, 'rights/access-leave-out.njk', {
      title: withheld ? 'Put back into the answer' : 'Leave out of the answer', ...(problems.length > 0 ? { error: true } : {}), problems, fields, part, withheld, what: titleOf(pack, part), back: accessAddress(pack.file.subjectAccessId, '/answer'), address: accessAddress(pack.file.subjectAccessId, '/leave-out'),
    });
  };
  const known = ({ parts, withheld }: AccessPack, part: string): boolean => withheld.has(part) || parts.some((each) => each.part === part || each.group === part);

  app.get(`${base}/leave-out`, door, async (request, reply) => {
    const opened = await openPack(request, reply, deps);
    if (!opened) return reply;
    const part = String((request.query as { part?: unknown }).part ?? '');
    return known(opened.pack, part) ? showForm(reply, opened.pack, part, readForm(null, deps, opened.pack.withheld.has(part)).fields) : deps.sendProblem(request, reply, notFound);
  });

  app.post(`${base}/leave-out`, door, async (request, reply) => {
    const opened = await openPack(request, reply, deps);
    if (!opened) return reply;
    const { who, pack } = opened;
    const { subjectAccessId } = pack.file;
    const sent = readSent(request.body, ['part', ...namesOf(readForm(null, deps, false).fields)]);
    const part = sent.text('part');
    if (!known(pack, part)) return deps.sendProblem(request, reply, notFound);
    const withheld = pack.withheld.get(part);
    const { fields, ground, words } = readForm(sent, deps, withheld !== undefined);
    if (words === undefined || (withheld === undefined && ground === undefined)) return showForm(reply.code(400), pack, part, fields);
    const act = withheld ? 'give' : 'withhold';
    const { ok } = await subjectAccess.exempt(who, subjectAccessId, { part, act, ground: withheld?.ground ?? ground!, words });
    if (ok) return reply.redirect(`${accessAddress(subjectAccessId, '/answer')}?done=${act}`, 303);
    await noteAccess(deps, who, { action: act, outcome: 'refused', ids: [subjectAccessId, pack.personKey] });
    fields.at(-1)!.error = 'It could not be kept: the request is closed or sealed';
    return showForm(reply.code(409), pack, part, fields);
  });

  const download = (name: 'document' | 'rows', file: string, type: string) =>
    app.get(`${base}/${file}`, door, async (request, reply) => {
      const { subjectAccessId } = request.params as { subjectAccessId: string };
      const who = await readerOf(deps, request);
      const found = await subjectAccess.find(who, subjectAccessId);
      const released = found && (await subjectAccess.released(who, subjectAccessId, (pack) => filesOf(answerOf(deps, pack))));
      await noteAccess(deps, who, { action: 'export', outcome: released ? 'done' : 'refused', kind: 'person', ids: found ? [found.personKey] : [] });
      if (released) return reply.type(type).header('content-disposition', `attachment; filename="${file}"`).send(released.files[name]);
      if (!found || found.releases.length === 0) return deps.sendProblem(request, reply, notFound);
      const now = await subjectAccess.pack(who, subjectAccessId);
      const outdated = now.kind === 'pack' && now.pack.outdated;
      return deps.renderPage(reply.code(409), 'rights/access-changed.njk', { title: outdated ? 'Release the answer again first' : 'The answer cannot be made again', outdated, back: accessAddress(subjectAccessId) });
    });
  download('document', 'answer.html', 'text/html; charset=utf-8');
  download('rows', 'answer.csv', 'text/csv; charset=utf-8');
}

function readForm(sent: Sent | null, { exemptions }: Pick<AccessPagesDeps, 'exemptions'>, withheld: boolean) {
  const ground = askOne(sent, { name: 'ground', label: 'On which legal ground?', missing: 'Choose the ground', stored: undefined, choices: [...exemptions].map(([value, { title, says, citation, checked }]) => ({ value, text: title, hint: `${says} ${citation}${checked ? '' : ' (not checked yet: ask your data protection officer)'}` })) });
  const words = askText(sent, { kind: 'area', name: 'words', label: withheld ? 'Why is it put back?' : 'Why does it apply to this part?', hint: 'It is kept, and never printed', longest: 2000, missing: withheld ? 'Enter why it is put back' : 'Enter why it applies', stored: undefined });
  return { fields: withheld ? [words.field] : [ground.field, words.field], ground: ground.value, words: words.value };
}

/** A part, for whoever answers. */
function titleOf(pack: AccessPack, part: string): string {
  const first = pack.parts.find((each) => each.part === part || each.group === part);
  if (!first) return pack.lost.includes(part) ? 'A record that is no longer found where it was: it may stand above again. Leave it out there, then put this back' : part;
  if (first.group === part) return first.feed ? `All of “${first.feed.title}”` : 'All that is written in cases';
  const on = first.date === null ? '' : `, ${first.date.slice(0, 10)}`;
  const of = `of “${first.feed?.title ?? ''}”`;
  return { row: `A record ${of}${on}`, state: `Another state of a record ${of}${on}`, aside: `A row ${of} that could not be read`, correction: `A fact ${of} that was reported as wrong${on}`, link: `What was written when records were compared${on}`, asked: `An asking who is behind a pseudonym${on}`, case: `A case${on}`, entry: `What was written in a case${on}`, attachment: `A file of a case${on}`, share: `A decision to share${on}`, glass: `An emergency${on}`, seal: 'A seal', seen: `One time that somebody saw the record${on}` }[first.kind];
}
