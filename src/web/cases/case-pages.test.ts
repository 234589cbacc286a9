import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { smallPdf } from '../../../test/support/attachment-home.ts';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quoted, timeSql } from '../../../test/support/governed-store.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { Problem } from '../../core/index.ts';
import { sealSubject } from '../../govern/index.ts';
import { listAuditEvents } from '../../store/index.ts';

const [ada, oldKey, sealed, bea, cleo] = ['P00000000000000d1', 'P00000000000000d9', 'P00000000000000d2', 'P00000000000000d3', 'P00000000000000d4'] as const;
const absent = '/cases/00000000-0000-4000-8000-000000000000';
const rows = [[ada, 'Ada', 'Quill'], [sealed, 'Una', 'Shade'], [bea, 'Bea', 'Marsh'], [cleo, 'Cleo', 'Reede'], ['P00000000000000d6', 'Dot', 'Fenn']].map(([key, forename, surname], n) => heldRow(key!, 'early-help-episode', n + 2, { episode_ref: 'E1', requested_on: '2026-05-01', date_of_birth: '2015-04-17', forename: forename!, surname: surname! }));

/** The snapshot cannot be had. */
let away = false;
let at: PeopleServer;
let coordinator: PeopleVisitor;
let worker: PeopleVisitor;
let made = 0;

/** A case that early help holds and the worker leads, with words in two sections. */
async function plant(personKey: string = ada, { lead = 'worker', closed = false, words = 'Home at night <b>alone</b>' } = {}): Promise<string> {
  made += 1;
  const caseId = `${String(made).padStart(8, '0')}-0000-4000-8000-00000000000c`;
  await at.store.asOwner(`insert into case_file (case_id, person_key, holder, lead_user, lead_agency, status, opened_at, closed_at) values ('${caseId}', '${personKey}', 'early-help', ${quoted(lead)}, 'early-help', '${closed ? 'closed' : 'open'}', ${timeSql(at.clock.now() - made * 60_000)}, ${closed ? timeSql(at.clock.now()) : 'null'});
    insert into case_entry (entry_id, case_id, section, holder, author, text, created_at) values ('${String(made).padStart(8, '0')}-0000-4000-8000-00000000000e', '${caseId}', 'worries', 'early-help', 'worker', ${quoted(words)}, ${timeSql(at.clock.now())});
    insert into case_entry (case_id, section, holder, author, text, created_at) values ('${caseId}', 'health', 'hospital', 'nurse', 'A secret of the ward', ${timeSql(at.clock.now())});
    insert into case_attachment (entry_id, file_name, media_type, bytes, sha256, added_by, added_at) values ('${String(made).padStart(8, '0')}-0000-4000-8000-00000000000e', 'letter.pdf', 'application/pdf', 12400, '${'a'.repeat(64)}', 'worker', ${timeSql(at.clock.now())})`);
  return `/cases/${caseId}`;
}
const stored = async (action: string) => (await listAuditEvents(at.store.casework.db, { limit: 300 })).filter((event) => event.action === action);
const idOf = (address: string) => address.slice('/cases/'.length);
const without = (body: string) => body.replaceAll(/name="form-token" value="[^"]+"/g, '').replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
const give = async () => at.store.plantGrants((await at.register.grants()).map((each) => ({ ...each })));

beforeAll(async () => {
  const people = memoryPeople(rows, { [oldKey]: bea });
  at = await openPeopleServer(quickStores(), { ...people, now: async (keys) => {
    if (away) throw new Problem('notFound', { what: 'There is no snapshot yet', todo: 'Build.' });
    return people.now(keys);
  } });
  await give();
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  at.audited.splice(0);
  [coordinator, worker] = [await at.as('hub-coordinator', 'Early help', { userId: 'coordinator', purpose: 'early-help' }), await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' })];
});

describe('the list', () => {
  test('where there is no case says why, and what would help', async () => {
    for (const [query, says] of [['', 'There is no open case to show you. A case stands here when your agency works on it'], ['?show=mine', 'You lead no open case'], ['?show=closed', 'There is no closed case to show you'], ['?after=1.00000000-0000-4000-8000-000000000000', 'There are no older cases to show you']] as const) {
      expect((await worker.get(`/cases${query}`)).body, query).toContain(says);
    }
  });

  test('shows name, holder, lead, day and status; what is mine, open or closed; and is in the audit by ids with the clause', async () => {
    const [one, other, closed] = [await plant(), await plant(bea, { lead: 'colleague' }), await plant(bea, { closed: true })];
    const { body } = await worker.get('/cases');
    for (const said of [`href="${one}"`, 'Ada Quill', 'Early help', 'worker (you), Early help', '24 November 2026', `href="${other}"`, 'colleague, Early help', 'Bea Marsh']) expect(body).toContain(said);
    expect(body).not.toContain(closed);
    const [event] = at.audited.filter(({ action }) => action === 'case.list');
    expect(event).toMatchObject({ outcome: 'done', subjectKind: 'case', purpose: 'early-help', subjectIds: expect.arrayContaining([idOf(one), ada, idOf(other), bea]) as string[] });
    expect(event!.basis).toMatch(/^a-[0-9a-f]+\/1\/1 a-[0-9a-f]+\/1\/8$/);
    const mine = (await worker.get('/cases?show=mine')).body;
    expect([mine.includes(one), mine.includes(other)]).toEqual([true, false]);
    const past = (await worker.get('/cases?show=closed')).body;
    expect([past.includes(closed), past.includes(one), past.includes('Closed 24 November 2026')]).toEqual([true, false, true]);
    for (const query of ['?show[]=mine', '?show=constructor', "?after=' or 1=1", '?after=999999999999999.00000000-0000-4000-8000-000000000000', '?done=__proto__']) expect((await worker.get(`/cases${query}`)).statusCode, query).toBe(200);
  });

  test('names nobody whose name is not given, and goes on to a next page without losing one', async () => {
    const unnamed = 'P00000000000000dd';
    const planted: string[] = [];
    for (let n = 0; n < 27; n += 1) planted.push(await plant(unnamed));
    const first = (await coordinator.get('/cases')).body;
    expect(first).toContain(`<code>${unnamed}</code>`);
    const next = /href="(\/cases\?after=[^"]+)">Older cases/.exec(first)?.[1] ?? '';
    const both = first + (await coordinator.get(next)).body;
    expect(planted.filter((address) => !both.includes(`href="${address}"`))).toEqual([]);
    expect(both.match(/class="hw-people__person"/g)!.length).toBe(new Set([...both.matchAll(/href="(\/cases\/[0-9a-f-]{36})"/g)].map(([, href]) => href)).size);
    await at.store.asOwner(`update case_file set status = 'closed' where person_key = '${unnamed}'`);
  });

  test('is linked from the start page and the navigation for those to whom agreements give cases, and is no page to others', async () => {
    expect((await worker.get('/')).body.match(/href="\/cases"/g)!.length).toBeGreaterThan(1);
    for (const [role, agency] of [['analyst', 'Early help'], ['governance-lead', 'Council'], ['referrer', 'Police'], ['hub-coordinator', 'Housing association']] as const) {
      const visitor = await at.as(role, agency, { userId: `x-${role}`, purpose: 'early-help' });
      expect([role, (await visitor.get('/cases')).statusCode, (await visitor.get('/')).body.includes('/cases')]).toEqual([role, 404, false]);
    }
  });
});

describe('a case', () => {
  test('shows what the clauses give, section by section, and nothing of another agency’s', async () => {
    const address = await plant();
    const { body } = await worker.get(address);
    for (const said of ['Ada Quill', '17 April 2015', 'worker (you), Early help', 'Home at night &lt;b&gt;alone&lt;/b&gt;', 'letter.pdf</a> (12 kB), added on 24 November 2026 by worker (you), Early help', 'Worries', 'Shared under Early help for families, clause 1', `href="/people/${ada}"`, 'Change the lead', 'Close the case', 'Nothing is written yet about', 'The plan agreed with the family']) expect(body).toContain(said);
    expect(body).not.toMatch(/secret of the ward|Health|hospital|nurse/);
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'case.view', outcome: 'done', subjectIds: [idOf(address), ada], basis: expect.stringMatching(/^a-[0-9a-f]+\/1\/1 a-[0-9a-f]+\/1\/8$/) as string }));
    expect((await worker.get(`/people/${ada}`)).body).toContain(`href="${address}"`);
  });

  test('that is not there, is another agency’s, or is of somebody sealed under whatever key, looks alike; each refusal is in the audit', async () => {
    const [theirs, merged, hidden] = [await plant(ada), await plant(bea), await plant(sealed)];
    await at.store.asOwner(`update case_file set holder = 'police', lead_user = null, lead_agency = null where case_id = '${idOf(theirs)}'`);
    for (const personKey of [sealed, oldKey]) await sealSubject(at.store.casework.db, at.clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey, ground: 'domestic-abuse', whomToRing: 'the desk', keepers: ['keeper'] });
    const forms: Record<string, Record<string, string>> = { '': { member: idOf(absent) }, '/entries/new': { section: 'worries', text: 'x' }, '/lead': { user: 'worker', agency: 'early-help' }, '/members/new': { user: 'worker', agency: 'early-help' }, '/close': { text: 'x' } };
    for (const by of [worker, coordinator]) for (const [more, form] of Object.entries(forms)) {
      at.audited.splice(0);
      const none = [await by.get(absent + more), await by.send(absent + more, form)];
      for (const address of [theirs, merged, hidden]) {
        const answers = [await by.get(address + more), await by.send(address + more, form)];
        expect(answers.map(({ statusCode, body }) => [statusCode, without(body)]), address + more).toEqual(none.map(({ statusCode, body }) => [statusCode, without(body)]));
        expect(answers[0]!.statusCode).toBe(404);
        expect(at.audited).toContainEqual(expect.objectContaining({ action: 'case.view', outcome: 'refused', subjectIds: [idOf(address)] }));
      }
    }
    const list = (await worker.get('/cases')).body;
    for (const address of [theirs, merged, hidden]) expect(list).not.toContain(address);
    expect((await worker.get(`/cases/new?person=${bea}`)).statusCode).toBe(404);
    const keeper = await at.as('hub-coordinator', 'Early help', { userId: 'keeper', purpose: 'early-help' });
    for (const address of [merged, hidden]) expect((await keeper.get(address)).statusCode).toBe(200);
  });

  test('shows what was corrected of a name beside it, also in the list; who saw the name there is told', async () => {
    const address = await plant(cleo);
    await worker.get('/cases');
    const lead = await at.as('governance-lead', 'Council', { userId: 'lead' });
    const reported = String((await coordinator.send(`/people/${cleo}/wrong`, { load: rows[3]!.load, line: String(rows[3]!.line), column: 'surname', act: 'report', way: 'value', right: 'Reed', evidence: 'The certificate', asked: 'person' })).headers.location);
    expect(reported).toContain(`/people/${cleo}`);
    const correction = /href="(\/govern\/corrections\/[0-9a-f-]{36})"/.exec((await lead.get('/govern/corrections')).body)![1]!;
    expect((await lead.send(correction, { outcome: 'accepted', reason: 'The certificate was seen' })).statusCode).toBe(303);
    for (const url of ['/cases', address]) expect((await worker.get(url)).body, url).toContain('it should say “Reed”');
    expect((await worker.get('/')).body).toContain('A record that you relied on was corrected');
  });

  test('is not shown while nobody can know which keys mean one person: the page says that there is no data', async () => {
    const address = await plant();
    away = true;
    const answers = [await worker.get('/cases'), await worker.get(address)];
    away = false;
    for (const { body } of answers) {
      expect(body).toContain('There is no data to show yet');
      expect(body).not.toMatch(/Quill|Home at night/);
    }
  });

  test('is dark for another purpose, and without one the reader is asked for it', async () => {
    const address = await plant();
    const idle = await at.as('lead-practitioner', 'Early help', { userId: 'worker' });
    expect([(await idle.get(address)).statusCode, (await idle.get(address)).headers.location]).toEqual([303, `/purpose?return-to=${encodeURIComponent(address)}`]);
    const other = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'record-linkage' });
    for (const url of ['/cases', address, absent]) expect([url, (await other.get(url)).statusCode]).toEqual([url, 403]);
    expect((await other.get(address)).body).not.toMatch(/Quill|Home at night/);
    expect((await other.send(`${address}/entries/new`, { section: 'worries', text: 'x' })).statusCode).toBe(403);
  });
});

describe('an entry', () => {
  test('is written in a section, one question at a time, and its row of the audit holds no word of it', async () => {
    const address = await plant();
    const choosing = await worker.get(`${address}/entries/new`);
    expect([choosing.statusCode, choosing.body.includes('What do you want to write about?'), choosing.body.includes('Choose what you want to write about')]).toEqual([200, true, false]);
    // What a browser sends of the form with nothing chosen: its hidden fields alone.
    const hidden = [.../<form method="get"[^]*?<\/form>/.exec(choosing.body)![0].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]);
    for (const query of ['section=', String(new URLSearchParams(hidden))]) {
      const unchosen = await worker.get(`${address}/entries/new?${query}`);
      expect([query, unchosen.statusCode, unchosen.body.includes('Choose what you want to write about')]).toEqual([query, 400, true]);
    }
    expect((await worker.get(`${address}/entries/new?section=own-words`)).body).toContain('What does the person say, in their own words?');
    const sent = await worker.send(`${address}/entries/new`, { section: 'own-words', text: 'I want to go back to football.\r\nMum knows.' });
    expect(sent.headers.location).toBe(`${address}?done=written`);
    const { body } = await worker.get(`${address}?done=written`);
    for (const said of ['The entry is written.', 'I want to go back to football.', 'Mum knows.', 'What the person says in their own words', 'worker (you), Early help']) expect(body).toContain(said);
    const [event] = await stored('case.write');
    expect(event).toMatchObject({ actorId: 'worker', actorAgency: 'early-help', actorRole: 'lead-practitioner', outcome: 'done', purpose: 'early-help', subjectKind: 'case', subjectIds: [expect.stringMatching(/^[0-9a-f-]{36}$/), idOf(address), ada] });
    expect(event!.basis).toMatch(/\/1\/1$/);
    expect(JSON.stringify(event)).not.toContain('football');
  });

  test('is not taken empty, too long or as a count or score; what was typed stays on the page', async () => {
    const address = `${await plant()}/entries/new`;
    for (const [section, text, says] of [['worries', ' ', 'Write the entry'], ['referral', '', 'Enter who asked for help, and why'], ['plan', 'y'.repeat(5001), 'use 5,000 characters or fewer. You have 5,001'], ['worries', 'ACEs: 4', 'not a count or a score'], ['worries', 'Her ACE score was high', 'not a count or a score'], ['own-words', '7 out of 10', 'not a count or a score']] as const) {
      const response = await worker.send(address, { section, text });
      expect([section, text.slice(0, 20), response.statusCode, response.body.includes(says)]).toEqual([section, text.slice(0, 20), 400, true]);
      if (text.trim() !== '') expect(response.body).toContain(`>${text}</textarea>`);
    }
    for (const [section, text] of [['own-words', 'Football is ace, I scored 4'], ['worries', 'He was 4 when his dad left'], ['notes', '4']] as const) expect((await worker.send(address, { section, text })).statusCode, text).toBe(303);
  });

  test('is not written in a section that is not given, under another’s name, or with a form that is old', async () => {
    const address = `${await plant()}/entries/new`;
    for (const section of ['health', 'file', 'lead', 'members', '__proto__', 'ace-count']) {
      expect([section, (await worker.get(`${address}?section=${section}`)).statusCode, (await worker.send(address, { section, text: 'x' })).statusCode]).toEqual([section, 400, 404]);
    }
    expect(at.audited.filter(({ action, outcome }) => action === 'case.write' && outcome === 'refused')).toHaveLength(6);
    expect((await worker.send(address, { section: 'plan', text: 'x', author: 'somebody' })).statusCode).toBe(400);
    expect((await worker.send(address, { section: 'plan', text: 'x', 'form-token': 'old' })).statusCode).toBe(403);
  });

  test('is kept only where the audit is: neither without the other', async () => {
    const address = await plant();
    await at.store.asOwner("create function refuse_row() returns trigger language plpgsql as $$ begin if new.action like 'case.%' then raise exception 'no'; end if; return new; end $$; create trigger refuse before insert on audit_event for each row execute function refuse_row()");
    try {
      at.audited.splice(0);
      for (const [more, form] of [['/entries/new', { section: 'plan', text: 'Unkept words' }], ['/lead', { user: 'usurper', agency: 'early-help' }], ['/close', { text: 'Unkept reason' }]] as const) expect((await worker.send(address + more, form)).statusCode, more).toBe(500);
    } finally {
      await at.store.asOwner('drop trigger refuse on audit_event; drop function refuse_row()');
    }
    const { body } = await worker.get(address);
    expect(body).not.toMatch(/Unkept|usurper/);
    expect(body).toContain('Close the case');
  });
});

describe('a file of an entry', () => {
  const entryOf = (address: string) => `${idOf(address).slice(0, 8)}-0000-4000-8000-00000000000e`;
  const formOf = (address: string) => `${address}/entries/${entryOf(address)}/attach`;
  const pdf = (fileName = 'school letter.pdf') => [{ fileName, content: smallPdf }];
  const [png, zip] = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), (part: string) => Buffer.from(`PK\u0003\u0004 [Content_Types].xml ${part}`)];
  /** Links to what is attached to a case, the one that was planted first left out. */
  const linksIn = (body: string, address: string) => [...body.matchAll(/<a class="govuk-link" href="([^"]+\/attachments\/[^"]+)">([^<]*)<\/a>/g)].filter(([, href, name]) => href!.startsWith(address) && name !== 'letter.pdf').map(([, href, name]) => ({ href: href!, name: name! }));
  const attached = async (address: string) => {
    expect((await worker.sendFiles(formOf(address), pdf())).headers.location).toBe(`${address}?done=attached`);
    return linksIn((await worker.get(address)).body, address)[0]!.href;
  };
  const kept = () => readdirSync(at.home.attachments);

  test('is attached by its form, lies encrypted, and is given out as a file to keep; both are in the audit by ids', async () => {
    const address = await plant();
    expect((await worker.get(address)).body).toContain(`href="${formOf(address)}">Attach a file`);
    const form = await worker.get(formOf(address));
    for (const said of ['enctype="multipart/form-data"', 'type="file"', 'Which file belongs to the entry?', 'One file of up to 10 MB', 'the entry of 24 November 2026 at 9:05am under “Worries”']) expect(form.body).toContain(said);
    const href = await attached(address);
    const shown = (await worker.get(`${address}?done=attached`)).body;
    for (const said of ['The file is attached.', `>school letter.pdf</a> (${smallPdf.length} bytes), added on 24 November 2026 by worker (you), Early help`]) expect(shown).toContain(said);
    const answer = await worker.get(href);
    expect([answer.statusCode, answer.rawPayload.equals(smallPdf)]).toEqual([200, true]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf', 'content-disposition': `attachment; filename="school letter.pdf"; filename*=UTF-8''school%20letter.pdf`, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    });
    expect((await coordinator.get(href)).statusCode).toBe(200);
    const attachmentId = href.split('/').at(-1)!;
    expect(kept()).toContain(attachmentId);
    expect(readFileSync(join(at.home.attachments, attachmentId)).includes('Thistlewood')).toBe(false);
    const [add, read] = [(await stored('case.attach'))[0]!, (await stored('case.open-attachment')).find(({ actorId }) => actorId === 'worker')!];
    expect(add).toMatchObject({ actorId: 'worker', actorAgency: 'early-help', outcome: 'done', purpose: 'early-help', subjectKind: 'case', subjectIds: [attachmentId, entryOf(address), idOf(address), ada], basis: expect.stringMatching(/^a-[0-9a-f]+\/1\/1$/) as string });
    expect(read).toMatchObject({ outcome: 'done', purpose: 'early-help', subjectKind: 'case', subjectIds: [attachmentId, idOf(address), ada], basis: add.basis });
    expect(JSON.stringify([add, read])).not.toMatch(/letter|Thistlewood/);
  });

  test('is what may be attached, by its name and by what is in it; else the page says what is wrong, and nothing is kept', async () => {
    const address = await plant();
    const before = kept().length;
    for (const [files, says] of [
      [[], 'Select a file'], [[{ fileName: '', content: '' }], 'Select a file'], [[{ fileName: 'a.pdf', content: '' }], 'The selected file is empty'],
      [[{ fileName: 'a.pdf', content: Buffer.concat([smallPdf, Buffer.alloc(10_000_000, 0x20)]) }], 'must be smaller than 10 MB'],
      [[{ fileName: 'a.exe', content: 'MZ' }], 'must be a PDF, PNG, JPEG, DOCX, XLSX or TXT'], [[{ fileName: 'page.html', content: '<p>x' }], 'must be a PDF, PNG'], [[{ fileName: 'drawing.svg', content: '<svg/>' }], 'must be a PDF, PNG'],
      [[{ fileName: '.pdf', content: smallPdf }], 'must be a PDF, PNG'], [[{ fileName: '..', content: 'x' }], 'must be a PDF, PNG'], [[{ fileName: 'a.pdf.exe', content: smallPdf }], 'must be a PDF, PNG'],
      [[{ fileName: 'a.pdf', content: png }], 'not what its name says'], [[{ fileName: 'a.png', content: smallPdf }], 'not what its name says'], [[{ fileName: 'a.jpg', content: '<script>' }], 'not what its name says'], [[{ fileName: 'a.txt', content: png }], 'not what its name says'],
      [[{ fileName: 'a.docx', content: zip('xl/workbook.xml') }], 'not what its name says'], [[{ fileName: 'a.xlsx', content: smallPdf }], 'not what its name says'], [[{ fileName: `${'n'.repeat(197)}.pdf`, content: smallPdf }], '200 characters or fewer'],
      [[...pdf(), ...pdf()], 'You can only select one file'],
    ] as const) {
      const answer = await worker.sendFiles(formOf(address), files);
      expect([says, answer.statusCode, answer.body.includes('There is a problem'), answer.body.includes(says), answer.body.includes('href="#file"')]).toEqual([says, 400, true, true, true]);
    }
    expect((await worker.send(formOf(address), { file: 'a.pdf' })).body).toContain('Select a file');
    const swollen = await worker.sendFiles(formOf(address), [{ fileName: 'a.pdf', content: Buffer.alloc(10_200_000, 0x20) }]);
    expect([swollen.statusCode, swollen.headers.location]).toEqual([303, `${formOf(address)}?problem=too-large`]);
    const told = await worker.get(String(swollen.headers.location));
    expect([told.statusCode, told.body.includes('must be smaller than 10 MB')]).toEqual([400, true]);
    expect([kept().length, linksIn((await worker.get(address)).body, address)]).toEqual([before, []]);
    for (const [fileName, content] of [['a.PNG', png], ['a.jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])], ['Zoë.txt', 'Zoë said\n'], ['a.docx', zip('word/document.xml')], ['a.xlsx', zip('xl/workbook.xml')]] as const) expect((await worker.sendFiles(formOf(address), [{ fileName, content }])).statusCode, fileName).toBe(303);
    expect((await stored('case.attach')).filter(({ subjectIds }) => subjectIds!.includes(idOf(address)))).toHaveLength(5);
  });

  test('has a name that is text: no path, no script, no line of a header', async () => {
    const address = await plant();
    for (const [fileName, name, header] of [
      ['../../../etc/passwd.pdf', 'passwd.pdf', 'passwd.pdf'], ['C:\\Users\\x\\plan.pdf', 'plan.pdf', 'plan.pdf'], ['<img src=x onerror=alert(1)>.pdf', '&lt;img src=x onerror=alert(1)&gt;.pdf', '_img src_x onerror_alert_1__.pdf'],
      ['a"; filename="b.html.pdf', 'a&quot;; filename=&quot;b.html.pdf', 'a__ filename__b.html.pdf'], ['a\r\nset-cookie: x=y.pdf', 'aset-cookie: x=y.pdf', 'aset-cookie_ x_y.pdf'], ['\u202Efdp.pdf', 'fdp.pdf', 'fdp.pdf'], ['Zoë’s plan.pdf', 'Zoë’s plan.pdf', 'Zoe_s plan.pdf'], ['نامه\u200Cها.pdf', 'نامه\u200Cها.pdf', '_______.pdf'],
    ] as const) {
      expect((await worker.sendFiles(formOf(address), pdf(fileName))).statusCode, fileName).toBe(303);
      const link = linksIn((await worker.get(address)).body, address).find((each) => each.name === name);
      expect(link, fileName).toBeDefined();
      const { headers } = await worker.get(link!.href);
      expect(String(headers['content-disposition']), fileName).toMatch(new RegExp(`^attachment; filename="${header}"; filename\\*=UTF-8''[\\w.%~!-]+$`));
      expect(headers['set-cookie'], fileName).toBeUndefined();
    }
    expect(kept().every((name) => /^[0-9a-f-]{36}$/.test(name))).toBe(true);
  });

  test('that is another agency’s, of another case, forged, or of somebody sealed under whatever key, is answered like none; so is attaching there', async () => {
    const [own, theirs, hidden, merged] = [await plant(), await plant(), await plant(cleo), await plant(cleo)];
    const hrefs = [await attached(own), await attached(theirs), await attached(hidden), await attached(merged)];
    await at.store.asOwner(`update case_file set holder = 'police', lead_user = null, lead_agency = null where case_id = '${idOf(theirs)}'`);
    await at.store.asOwner(`update case_file set person_key = '${sealed}' where case_id = '${idOf(hidden)}'; update case_file set person_key = '${bea}' where case_id = '${idOf(merged)}';
      update case_attachment set person_key = f.person_key from case_file f where f.case_id = case_attachment.case_id; update case_file set lead_user = lead_user where case_id in ('${idOf(hidden)}', '${idOf(merged)}')`);
    const none = `${absent}/attachments/${idOf(absent)}`;
    const forged = [hrefs[0]!.replace(idOf(own), idOf(theirs)), hrefs[1]!.replace(idOf(theirs), idOf(own)), `${own}/attachments/${idOf(absent)}`, `${own}/attachments/..%2f..%2fkeys%2fencryption.key`, `${own}/attachments/${entryOf(own)}`];
    at.audited.splice(0);
    const expected = [await worker.get(none), await worker.sendFiles(`${absent}/entries/${idOf(absent)}/attach`, pdf())].map(({ statusCode, body }) => [statusCode, without(body)]);
    expect(expected[0]![0]).toBe(404);
    for (const href of [...hrefs.slice(1), ...forged]) {
      const answer = await worker.get(href);
      expect([answer.statusCode, without(answer.body)], href).toEqual(expected[0]);
    }
    for (const address of [theirs, hidden, merged]) {
      const answer = await worker.sendFiles(formOf(address), pdf());
      expect([answer.statusCode, without(answer.body)], address).toEqual(expected[1]);
    }
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'case.open-attachment', outcome: 'refused', subjectIds: [hrefs[1]!.split('/').at(-1), idOf(theirs)] }));
    // An entry of another agency in a case of one's own, and one that is not there.
    await at.store.asOwner(`insert into case_entry (entry_id, case_id, section, holder, author, text, created_at) values ('0000ffff-0000-4000-8000-00000000000e', '${idOf(own)}', 'worries', 'police', 'officer', 'Not ours', ${timeSql(at.clock.now())})`);
    for (const entry of ['0000ffff-0000-4000-8000-00000000000e', entryOf(theirs), idOf(absent), 'x']) {
      expect([entry, (await worker.get(`${own}/entries/${entry}/attach`)).statusCode, (await worker.sendFiles(`${own}/entries/${entry}/attach`, pdf())).statusCode]).toEqual([entry, 404, 404]);
    }
    const other = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'record-linkage' });
    expect([(await other.get(hrefs[0]!)).statusCode, (await (await at.as('analyst', 'Early help', { userId: 'x', purpose: 'early-help' })).get(hrefs[0]!)).statusCode]).toEqual([403, 404]);
  });

  test('is not taken with another token, from nobody, or in a form that cannot be read; nothing is kept of it', async () => {
    const address = await plant();
    const before = kept().length;
    for (const token of ['', 'old']) expect((await worker.sendFiles(formOf(address), pdf(), { 'form-token': token })).statusCode, token).toBe(403);
    expect((await worker.sendFiles(formOf(address), pdf(), { author: 'somebody' })).statusCode).toBe(400);
    const type = 'multipart/form-data; boundary=x';
    expect((await at.server.app.inject({ method: 'POST', url: formOf(address), headers: { 'content-type': type }, payload: '--x--' })).statusCode).toBe(401);
    const many = Array.from({ length: 20 }, (_, n) => ({ name: `f${n}`, fileName: 'a.pdf', content: smallPdf }));
    for (const answer of [await worker.sendFiles(formOf(address), many), await worker.sendFiles(formOf(address), [{ fileName: `${'n'.repeat(5000)}.pdf`, content: smallPdf }]), await worker.sendFiles(formOf(address), [{ fileName: 'a.pdf\0', content: smallPdf, name: 'x"\r\nbad' }])]) expect([400, 403]).toContain(answer.statusCode);
    // No other form takes a file.
    for (const url of [`${address}/entries/new`, `${address}/close`, address]) expect((await worker.sendFiles(url, pdf(), { section: 'plan', text: 'x' })).statusCode, url).toBe(415);
    expect(kept().length).toBe(before);
    // And none of them without end; whoever only looks is not held up.
    let last = 0;
    for (let n = 0; n < 60 && last !== 429; n += 1) last = (await worker.sendFiles(formOf(address), [])).statusCode;
    expect([last, (await worker.get(formOf(address))).statusCode]).toEqual([429, 200]);
  });

  test('is kept only where the audit is: neither without the other; nor is it given out', async () => {
    const address = await plant();
    const href = await attached(address);
    const before = kept();
    await at.store.asOwner("create function refuse_row() returns trigger language plpgsql as $$ begin if new.action in ('case.attach', 'case.open-attachment') then raise exception 'no'; end if; return new; end $$; create trigger refuse before insert on audit_event for each row execute function refuse_row()");
    try {
      const answers = [await worker.sendFiles(formOf(address), pdf('unkept.pdf')), await worker.get(href)];
      expect(answers.map(({ statusCode, body }) => [statusCode, body.includes('Thistlewood')])).toEqual([[500, false], [500, false]]);
    } finally {
      await at.store.asOwner('drop trigger refuse on audit_event; drop function refuse_row()');
    }
    expect(kept()).toEqual(before);
    expect((await worker.get(address)).body).not.toContain('unkept');
  });

  test('that is missing, damaged or another file is said to be so, and nothing of it is given out', async () => {
    const address = await plant();
    const hrefs = [await attached(address)];
    await worker.sendFiles(formOf(address), [{ fileName: 'other.txt', content: 'Other words' }]);
    const [one, two] = linksIn((await worker.get(address)).body, address).map(({ href }) => join(at.home.attachments, href.split('/').at(-1)!)) as [string, string];
    const [path, other] = one.endsWith(hrefs[0]!.split('/').at(-1)!) ? [one, two] : [two, one];
    const whole = readFileSync(path);
    for (const [harm, says] of [[() => rmSync(path), 'It is not where Headwater keeps it'], [() => writeFileSync(path, Buffer.from(whole).fill(1, 60, 64)), 'It is damaged'], [() => writeFileSync(path, readFileSync(other)), 'It is not the file that was attached'], [() => writeFileSync(path, 'plain'), 'It is not the file that was attached']] as const) {
      harm();
      const answer = await worker.get(hrefs[0]!);
      expect([answer.statusCode, answer.body.includes('This file cannot be opened'), answer.body.includes(says), answer.headers['content-disposition']]).toEqual([500, true, true, undefined]);
      expect((await stored('case.open-attachment'))[0]).toMatchObject({ outcome: 'failed', subjectIds: [hrefs[0]!.split('/').at(-1), idOf(address), ada] });
    }
    writeFileSync(path, whole);
    expect((await worker.get(hrefs[0]!)).rawPayload.equals(smallPdf)).toBe(true);
  });
});

describe('who works on a case', () => {
  test('is said by those who may: another lead, one more, one less', async () => {
    const address = await plant();
    const empty = await coordinator.send(`${address}/lead`, { user: '', agency: 'early-help' });
    expect([empty.statusCode, empty.body.includes('Enter the sign-in of the new lead')]).toEqual([400, true]);
    expect((await coordinator.send(`${address}/lead`, { user: 'next', agency: 'no-such-agency' })).body).toContain('Choose only from the list');
    expect((await coordinator.send(`${address}/lead`, { user: 'next', agency: 'early-help' })).headers.location).toBe(`${address}?done=lead`);
    expect((await coordinator.get(address)).body).toContain('next, Early help');
    expect((await coordinator.send(`${address}/members/new`, { user: 'teacher', agency: 'education' })).headers.location).toBe(`${address}?done=member`);
    const twice = await coordinator.send(`${address}/members/new`, { user: 'teacher', agency: 'education' });
    expect([twice.statusCode, twice.body.includes('It could not be done, and nothing was changed'), twice.body.includes('value="teacher"')]).toEqual([409, true, true]);
    const { body } = await coordinator.get(address);
    expect(body).toContain('teacher, Schools and education');
    const member = /name="member" value="([^"]+)"/.exec(body)![1]!;
    expect((await coordinator.send(address, { member })).headers.location).toBe(`${address}?done=ended`);
    expect((await coordinator.get(address)).body).toContain('From 24 November 2026 until 24 November 2026');
    expect((await coordinator.send(address, { member })).statusCode).toBe(404);
    for (const action of ['case.lead', 'case.add-member', 'case.end-member']) expect((await stored(action)).find(({ outcome, subjectIds }) => outcome === 'done' && subjectIds!.includes(idOf(address))), action).toMatchObject({ actorId: 'coordinator', purpose: 'early-help' });
  });

  test('leads to the list where the case is no longer the reader’s', async () => {
    await at.store.plantGrants((await at.register.grants()).map((each) => (each.item.startsWith('case/') ? { ...each, relation: 'lead' as const } : each)));
    const address = await plant();
    expect((await worker.send(`${address}/lead`, { user: 'next', agency: 'early-help' })).headers.location).toBe('/cases?done=lead');
    expect((await worker.get(address)).statusCode).toBe(404);
    await give();
  });

  test('may read and not act: no act is offered, and what is sent all the same is answered like no page', async () => {
    await at.store.plantGrants((await at.register.grants()).filter(({ item }) => item !== 'case/lead' && item !== 'case/plan'));
    const address = await plant();
    const { body } = await worker.get(address);
    expect(body).not.toMatch(/Change the lead|Add somebody|Close the case|The plan agreed/);
    for (const [more, form] of [['/lead', { user: 'worker', agency: 'early-help' }], ['/members/new', { user: 'worker', agency: 'early-help' }], ['/close', { text: 'x' }], ['/entries/new', { section: 'plan', text: 'x' }], ['', { member: idOf(absent) }]] as [string, Record<string, string>][]) {
      expect([more, (await worker.send(address + more, form)).statusCode]).toEqual([more, 404]);
    }
    for (const action of ['case.lead', 'case.add-member', 'case.close', 'case.write', 'case.end-member']) expect(at.audited, action).toContainEqual(expect.objectContaining({ action, outcome: 'refused', subjectIds: [idOf(address), ada] }));
    await give();
  });
});

describe('the end and the beginning', () => {
  test('a case is closed with a reason; the database sets the day, and nobody leads it anew', async () => {
    const address = await plant();
    const empty = await worker.send(`${address}/close`, { text: ' ' });
    expect([empty.statusCode, empty.body.includes('Enter why the case is closed')]).toEqual([400, true]);
    expect((await worker.send(`${address}/close`, { text: 'The school and the family carry on by themselves' })).headers.location).toBe(`${address}?done=closed`);
    const { body } = await worker.get(address);
    for (const said of ['A closed case', 'Why it was closed', 'The school and the family carry on by themselves', 'Reviews and what changed', '24 November 2026', 'The case is closed. What you write now still belongs to it']) expect(body).toContain(said);
    expect(body).not.toMatch(/Change the lead|Add somebody|href="[^"]*\/close"/);
    for (const more of ['/close', '/lead', '/members/new']) expect((await worker.send(address + more, (more === '/close' ? { text: 'x' } : { user: 'x', agency: 'early-help' }) as Record<string, string>)).statusCode).toBe(404);
    expect((await stored('case.close')).find(({ outcome }) => outcome === 'done')).toMatchObject({ subjectIds: [expect.any(String), idOf(address), ada] });
    expect((await worker.send(`${address}/entries/new`, { section: 'notes', text: 'A letter came late' })).statusCode).toBe(303);
  });

  test('a case is begun from the record, or from a closed case, where none of the agency’s is open', async () => {
    await at.store.asOwner(`update case_file set status = 'closed' where person_key = '${ada}'`);
    const closed = await plant(ada, { closed: true });
    const begin = /href="(\/cases\/new\?person=[^"]+)"/.exec((await worker.get(closed)).body)?.[1] ?? '';
    expect(begin).toBe(`/cases/new?person=${ada}`);
    expect((await worker.get(begin)).body).toContain('Who asked for help, and why?');
    expect((await worker.send('/cases/new', { person: ada, text: '' })).body).toContain('Enter who asked for help, and why');
    const to = (await worker.send('/cases/new', { person: ada, text: 'Her mother rang' })).headers.location ?? '';
    expect(to).toMatch(/^\/cases\/[0-9a-f-]{36}\?done=begun$/);
    const address = to.replace('?done=begun', '');
    const { body } = await worker.get(to);
    for (const said of ['The case is begun.', 'Her mother rang', 'Nobody yet', 'Who asked for help and why']) expect(body).toContain(said);
    expect((await stored('case.begin'))[0]).toMatchObject({ actorId: 'worker', outcome: 'done', subjectIds: [idOf(address), ada] });
    expect((await worker.get(begin)).statusCode).toBe(404);
    expect((await worker.send('/cases/new', { person: ada, text: 'Twice' })).statusCode).toBe(404);
    const record = (await worker.get(`/people/${ada}`)).body;
    expect(record).toContain(`href="${address}">Open case, opened on 24 November 2026`);
    expect(record).not.toContain('Begin a case');
    // Those who see a record by another agency's work see it without a case of their own.
    await at.store.asOwner(`update case_file set status = 'closed' where person_key = '${ada}'; insert into case_file (person_key, holder, lead_user, lead_agency, opened_at) values ('${ada}', 'police', 'worker', 'early-help', ${timeSql(at.clock.now())})`);
    expect((await worker.get(`/people/${ada}`)).body).toContain('Begin a case');
  });

  test('the first case of a child begins with the coordinator, who sees only whom early help knows; a practitioner then sees the rest', async () => {
    const dot = 'P00000000000000d6';
    const found = (await coordinator.send('/people', { forename: 'Dot', surname: 'Fenn' })).body;
    expect(found).toContain(`/people/${dot}`);
    const record = (await coordinator.get(`/people/${dot}`)).body;
    expect([record.includes('Fenn'), record.includes('1 May 2026'), record.includes('Begin a case')]).toEqual([true, false, true]);
    expect([(await worker.get(`/people/${dot}`)).statusCode, (await worker.get(`/cases/new?person=${dot}`)).statusCode]).toEqual([404, 404]);
    const address = ((await coordinator.send('/cases/new', { person: dot, text: 'Her school asked for help' })).headers.location ?? '').replace('?done=begun', '');
    expect((await coordinator.get(address)).body).toContain('Her school asked for help');
    expect((await coordinator.get(`/people/${dot}`)).body).toContain('1 May 2026');
    expect((await worker.get(`/people/${dot}`)).body).toContain('1 May 2026');
  });

  test('nobody begins a case about somebody whom they do not see: answered as for nobody', async () => {
    const answers = [];
    for (const person of ['P00000000000000d7', 'P00000000000000ff', sealed, 'no-key', '']) answers.push([(await worker.get(`/cases/new?person=${person}`)).statusCode, (await worker.send('/cases/new', { person, text: 'x' })).statusCode]);
    expect(answers).toEqual(Array.from({ length: 5 }, () => [404, 404]));
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'case.begin', outcome: 'refused', subjectIds: [sealed] }));
  });
});

test('when the agreement ends every case is dark at the next click', async () => {
  const address = await plant();
  expect((await worker.get(address)).statusCode).toBe(200);
  const file = /href="(\/cases\/[^"]+\/attachments\/[^"]+)"/.exec((await worker.get(address)).body)![1]!;
  at.clock.move(1);
  await at.endAgreements('The pilot is over');
  await give();
  for (const url of ['/cases', address, `${address}/entries/new`, file]) {
    const response = await worker.get(url);
    expect([url, response.statusCode, /Quill|Home at night/.test(response.body)]).toEqual([url, 403, false]);
  }
});
