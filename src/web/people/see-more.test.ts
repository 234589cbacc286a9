import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { listAuditEvents } from '../../store/index.ts';

const [child, sealed] = ['P00000000000000a1', 'P00000000000000a2'] as const;
const rows = [child, sealed].flatMap((key) => [
  heldRow(key, 'early-help-episode', 2, { episode_ref: 'E1', requested_on: '2026-05-01', forename: 'Ada', surname: 'Quill' }),
  heldRow(key, 'custody-episode', 3, { custody_ref: 'custody-secret' }),
]);
const reason = 'Her mother rang and fears for tonight';

let at: PeopleServer;
let worker: PeopleVisitor;
const asLead = (userId: string) => at.as('governance-lead', 'Council', { userId });
beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople(rows));
  await at.plantCases([child, sealed].map((personKey) => ({ personKey, lead: { userId: 'worker', agency: 'early-help' } })));
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  at.audited.splice(0);
  worker = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' });
});
const stored = async (action: string) => (await listAuditEvents(at.store.casework.db, { limit: 200 })).filter((event) => event.action === action);
const ask = (form: Record<string, string>, key: string = child) => worker.send(`/people/${key}/see-more`, form);

describe('seeing more of a record in an emergency', () => {
  test('is offered with what follows, and asks for a reason of some words and a confirmation', async () => {
    expect((await worker.get(`/people/${child}`)).body).toContain(`href="/people/${child}/see-more"`);
    const { body } = await worker.get(`/people/${child}/see-more`);
    for (const said of ['for two hours', 'The information governance lead is told at once', 'write down whether it was right']) expect(body).toContain(said);
    for (const [form, says] of [[{}, 'Enter a reason'], [{ reason }, 'Confirm that you need to see more now'], [{ reason: 'need it', confirm: 'yes' }, 'Say in at least five words'], [{ reason: `${'very '.repeat(250)}long`, confirm: 'yes' }, '1,000 characters or fewer']] as [Record<string, string>, string][]) {
      const response = await ask(form);
      expect([response.statusCode, response.body.includes(says)]).toEqual([400, true]);
    }
    expect((await worker.get(`/people/${child}`)).body).not.toContain('custody-secret');
    expect(await stored('glass.break')).toMatchObject([{ outcome: 'refused', basis: 'reason-too-long' }, { outcome: 'refused', basis: 'reason-too-short' }]);
  });

  test('is refused where the audit cannot be kept, and nothing opens', async () => {
    await at.store.asOwner(`create function no_audit() returns trigger language plpgsql as $$ begin if new.action = 'glass.break' and new.outcome = 'done' then raise exception 'full'; end if; return new; end $$`);
    await at.store.asOwner('create trigger no_audit before insert on audit_event for each row execute function no_audit()');
    const response = await ask({ reason, confirm: 'yes' });
    await at.store.asOwner('drop trigger no_audit on audit_event');
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain('The audit could not be kept just now, so nothing was opened');
    expect((await worker.get(`/people/${child}`)).body).not.toContain('custody-secret');
  });

  test('opens the record for two hours, everywhere, and then ends by itself', async () => {
    expect((await ask({ reason, confirm: 'yes' })).headers.location).toBe(`/people/${child}`);
    expect((await stored('glass.break'))[0]).toMatchObject({ actorId: 'worker', outcome: 'done', subjectIds: expect.arrayContaining([child]) as string[] });
    at.clock.move(1);
    for (const path of [`/people/${child}`, `/people/${child}/record.csv`, `/api/people/${child}`]) expect((await worker.get(path)).body).toContain('custody-secret');
    const { body } = await worker.get(`/people/${child}`);
    expect(body).toContain('It stays open until 11:05am, 1 hour 59 minutes from now.');
    // A page that stands open is dark by then.
    expect(body).toContain(`data-open-for="${119 * 60_000}"`);
    expect(body).toContain('Shown because you asked to see more, until 11:05am');
    expect(body).not.toContain('/see-more');
    expect(at.audited.findLast(({ action }) => action === 'person.view')).toMatchObject({ basis: expect.stringMatching(/^a-\w+\/1\/1 a-\w+\/1\/8 broken-glass$/) as string });
    expect((await worker.get(`/people/${child}/see-more`)).headers.location).toBe(`/people/${child}`);
    // Nobody else sees more for it.
    const colleague = await at.as('lead-practitioner', 'Early help', { userId: 'colleague', purpose: 'early-help' });
    expect((await colleague.get(`/people/${child}`)).body).not.toContain('custody-secret');
    at.clock.move(119);
    worker = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' });
    for (const path of [`/people/${child}`, `/people/${child}/record.csv`, `/api/people/${child}`]) expect((await worker.get(path)).body).not.toContain('custody-secret');
  });

  test('is noticed by the information governance lead, reviewed once with outcome and words, and never by oneself', async () => {
    const lead = await asLead('lead-1');
    const start = await lead.get('/');
    expect(start.body).toContain('Someone asked to see more of a record than agreements give');
    expect(start.body).toMatch(/Govern <span class="moj-notification-badge"><span aria-hidden="true">1<\/span>/);
    const list = await lead.get('/govern/broken-glass');
    expect(list.body).toContain(reason);
    expect(list.body).toContain('worker, lead practitioner of Early help');
    expect(list.body).not.toMatch(/Quill/);
    const [, address] = /href="(\/govern\/broken-glass\/[0-9a-f-]{36})"/.exec(list.body)!;
    for (const [form, says] of [[{}, 'Choose what you found'], [{ outcome: 'justified' }, 'Write what you found'], [{ outcome: 'fine', note: 'x' }, 'Choose what you found'], [{ outcome: 'justified', note: 'x'.repeat(1001) }, '1,000 characters or fewer']] as [Record<string, string>, string][]) {
      expect((await lead.send(address!, form)).body).toContain(says);
    }
    const review = (await lead.get(address!)).body;
    expect(review).toMatch(/href="\/govern\/audit\?by=\d+">What they did/);
    expect(review).not.toMatch(/(?:href|action)="[^"]*worker/);
    const own = await asLead('worker');
    expect((await own.get('/govern/broken-glass')).body).toContain('Another information governance lead reviews it');
    const self = await own.send(address!, { outcome: 'justified', note: 'It was me' });
    expect([self.statusCode, self.body.includes('Nobody reviews their own')]).toEqual([409, true]);
    expect((await lead.send(address!, { outcome: 'justified', note: 'Rang her manager <b>at once</b>' })).headers.location).toBe('/govern/broken-glass?done=reviewed');
    const after = await lead.get('/govern/broken-glass');
    expect(after.body).toContain('Nothing waits for a review.');
    expect(after.body).toContain('Rang her manager &lt;b&gt;at once&lt;/b&gt;');
    expect((await lead.get('/')).body).not.toMatch(/asked to see more|notification-badge/);
    expect((await lead.send(address!, { outcome: 'not-justified', note: 'Again' })).statusCode).toBe(409);
    expect((await lead.get('/govern/broken-glass/00000000-0000-0000-0000-000000000000')).statusCode).toBe(404);
    expect((await lead.get("/govern/broken-glass/' OR 1=1")).statusCode).toBe(404);
    const analyst = await at.as('analyst', 'Violence reduction unit', { purpose: 'understand-demand' });
    expect((await analyst.get('/govern/broken-glass')).statusCode).toBe(403);
  });

  test('is not for those who may see nothing of the person, nor for roles whose work is not with people', async () => {
    for (const [role, agency] of [['lead-practitioner', 'Housing association'], ['analyst', 'Violence reduction unit'], ['governance-lead', 'Council']] as const) {
      const visitor = await at.as(role, agency, { userId: `${role}-x`, purpose: 'early-help' });
      for (const response of [await visitor.get(`/people/${child}/see-more`), await visitor.send(`/people/${child}/see-more`, { reason, confirm: 'yes' })]) expect([403, 404]).toContain(response.statusCode);
    }
    const lead = await at.as('governance-lead', 'Council', { userId: 'ig', purpose: 'record-linkage' });
    expect((await lead.get(`/people/${child}`)).body).not.toContain('/see-more');
    expect((await lead.send(`/people/${child}/see-more`, { reason, confirm: 'yes' })).statusCode).toBe(404);
  });
});

describe('sealing a record', () => {
  test('needs a person of this snapshot, a ground, whom to ring and a keeper who is somebody else', async () => {
    const lead = await asLead('lead-1');
    const good = { person: sealed, ground: 'domestic-abuse', ring: 'the safeguarding desk on 01632 960001', keepers: 'keeper' };
    for (const [form, says] of [
      [{ ...good, person: 'P0000000000000000' }, 'Enter the key of a person of this snapshot'], [{ ...good, person: '../x' }, 'Enter the key of a person of this snapshot'], [{ ...good, ground: 'spite' }, 'Choose why the record is sealed'],
      [{ ...good, ring: '' }, 'Enter whom to ring'], [{ ...good, ring: 'x'.repeat(301) }, '300 characters or fewer'], [{ ...good, keepers: '' }, 'at least one keeper'], [{ ...good, keepers: 'keeper\nlead-1' }, 'You cannot name yourself'],
    ] as [Record<string, string>, string][]) {
      const response = await lead.send('/govern/seals/new', form);
      expect([response.statusCode, response.body.includes(says)]).toEqual([400, true]);
    }
    expect((await lead.send('/govern/seals/new', good)).headers.location).toBe('/govern/seals?done=sealed');
    expect((await stored('seal.set'))[0]).toMatchObject({ actorId: 'lead-1', outcome: 'done', subjectIds: expect.arrayContaining([sealed]) as string[] });
  });

  test('leaves a notice in the record’s place at once, for the lead of the case too, and breaking the glass opens nothing', async () => {
    for (const path of [`/people/${sealed}`, `/people/${sealed}/record.csv`, `/api/people/${sealed}`]) {
      const { body, statusCode } = await worker.get(path);
      expect(statusCode).toBe(200);
      expect(body).toContain('A record exists. Ring the safeguarding desk on 01632 960001.');
      expect(body).not.toMatch(/Quill|E1\b/);
    }
    expect(at.audited.at(-1)).toMatchObject({ action: 'person.export', outcome: 'refused', basis: 'sealed', subjectIds: [sealed] });
    expect((await ask({ reason, confirm: 'yes' }, sealed)).headers.location).toBe(`/people/${sealed}`);
    expect((await worker.get(`/people/${sealed}`)).body).not.toContain('custody-secret');
    const stranger = await at.as('lead-practitioner', 'Housing association', { userId: 's', purpose: 'early-help' });
    expect((await stranger.get(`/people/${sealed}`)).statusCode).toBe(404);
  });

  test('lets its keepers read what agreements give them, and no more', async () => {
    await at.plantCases([{ personKey: sealed, lead: { userId: 'keeper', agency: 'early-help' } }]);
    const keeper = await at.as('lead-practitioner', 'Early help', { userId: 'keeper', purpose: 'early-help' });
    const { body } = await keeper.get(`/people/${sealed}`);
    expect(body).toContain('Quill');
    expect(body).not.toContain('custody-secret');
  });

  test('can be widened by a keeper and lifted with a reason, by an information governance lead alone', async () => {
    const lead = await asLead('lead-1');
    const list = (await lead.get('/govern/seals')).body;
    const [, address] = /href="(\/govern\/seals\/[0-9a-f-]{36})"/.exec(list)!;
    expect((await lead.get(address!)).body).toContain('keeper');
    for (const role of ['lead-practitioner', 'analyst'] as const) {
      const visitor = await at.as(role, 'Early help', { userId: 'worker', purpose: 'early-help' });
      for (const response of [await visitor.get('/govern/seals'), await visitor.get(address!), await visitor.send(address!, { act: 'lift', reason: 'I want to see' })]) expect(response.statusCode).toBe(403);
    }
    expect((await lead.send(address!, { act: 'keeper', keeper: 'lead-1' })).body).toContain('You cannot name yourself');
    expect((await lead.send(address!, { act: 'keeper', keeper: 'keeper' })).body).toContain('They are a keeper already');
    expect((await lead.send(address!, { act: 'keeper', keeper: 'worker' })).headers.location).toBe('/govern/seals?done=keeper');
    expect((await worker.get(`/people/${sealed}`)).body).toContain('Quill');
    expect((await lead.send(address!, { act: 'lift', reason: '' })).body).toContain('Enter why the seal is lifted');
    expect((await lead.send(address!, { act: 'lift', reason: 'She moved away and asked for it' })).headers.location).toBe('/govern/seals?done=lifted');
    expect((await lead.get('/govern/seals')).body).toContain('No record is sealed.');
    expect((await lead.get(address!)).statusCode).toBe(404);
    const colleague = await at.as('lead-practitioner', 'Early help', { userId: 'colleague', purpose: 'early-help' });
    expect((await colleague.get(`/people/${sealed}`)).body).toContain('Quill');
  });
});

test('a broken glass waits for its review however many are newer', async () => {
  const ids = Array.from({ length: 202 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  const brokenAt = (n: number) => `timestamptz '2026-01-01' + interval '${n} hours'`;
  await at.store.asOwner(ids.map((id, n) => `insert into audit_event (occurred_at, actor_id, action, outcome, subject_kind, subject_ids) values (${brokenAt(n)}, 'busy', 'glass.break', 'done', 'broken-glass', '{${id}}');
    insert into broken_glass (broken_glass_id, user_id, agency, role, purpose, person_key, reason, broken_at, broken_until) values ('${id}', 'busy', 'early-help', 'lead-practitioner', 'early-help', '${child}', 'Reason ${n} in five words', ${brokenAt(n)}, ${brokenAt(n + 2)})`).join(';\n'));
  const lead = await asLead('lead-1');
  const before = (await lead.get('/govern/broken-glass')).body;
  expect(before.match(/“Reason \d+ in five words”/g)).toHaveLength(202);
  expect(before.indexOf('Reason 0 ')).toBeLessThan(before.indexOf('Reason 201 '));
  const address = `/govern/broken-glass/${ids[0]}`;
  expect((await lead.get(address)).body).toContain('Reason 0 in five words');
  expect((await lead.send(address, { outcome: 'justified', note: 'Rang the manager' })).headers.location).toBe('/govern/broken-glass?done=reviewed');
  expect((await lead.get('/govern/broken-glass')).body.match(/“Reason \d+ in five words”/g)).toHaveLength(201);
});
