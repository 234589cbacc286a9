import { describe, expect, test } from 'vitest';
import type { Grant } from './access-request.ts';
import { relations } from './agreement.ts';
import { indexGrants } from './grant-index.ts';
import { basisOfRecord, maySeeAny, nearestRefusal, showRecord, type Asking, type HeldRow, type RecordFeed, type Standing } from './person-record.ts';

const at = Date.parse('2026-12-01T09:00:00Z');
const column = (name: string, given: Partial<RecordFeed['columns'][number]> = {}) => ({ name, label: name, type: 'text', identifying: false, ...given });
const roll: RecordFeed = { feed: 'roll', title: 'Roll', holder: 'education', columns: [column('surname', { identifying: true, person: 'surname' }), column('birth', { type: 'date', identifying: true, person: 'birth_date' }), column('joined', { type: 'date' }), column('need')] };
const calls: RecordFeed = { feed: 'calls', title: 'Calls', holder: 'police', columns: [column('at', { type: 'datetime' }), column('place', { identifying: true }), column('ace_score')] };
const feeds = [roll, calls];
const row = (feed: string, line: number, values: Record<string, string | null>, others: string[] = []): HeldRow => ({ personKey: 'P1', feed, load: `${feed}/000001-0`, line, rowKey: `${feed}-${line}`, file: `${feed}.csv`, loadedAt: '2026-11-01T00:00:00Z', values, others });
const rows = [
  row('roll', 2, { surname: 'Quill', birth: '2015-01-02', joined: '2024-09-01', need: 'support' }),
  row('roll', 3, { surname: 'Quill', birth: '2015-01-02', joined: '2025-09-01', need: null }),
  row('roll', 4, { surname: 'Quill', birth: null, joined: null, need: null }),
  row('calls', 2, { at: '2025-01-05 22:10:00', place: 'Mill Lane', ace_score: '4' }, ['P2']),
];
const grant = (item: string, over: Partial<Grant> = {}): Grant => ({
  agreementId: 'a1', version: 1, clause: 1, agency: 'early-help', role: 'lead-practitioner', purpose: 'early-help', holder: item.startsWith('roll') ? 'education' : 'police', item, form: 'identified', relation: 'member', from: at - 1000, to: at + 1000, endedBy: 'agreement', ...over,
});
const asking = (grants: Grant[], over: Partial<Asking> = {}): Asking => ({ index: indexGrants(grants), who: { userId: 'u1', role: 'lead-practitioner', agency: 'early-help' }, purpose: 'early-help', at, ...over });
const standing = (over: Partial<Standing> = {}): Standing => ({ relation: 'member', subject: { sealed: false, keeper: false, brokenUntil: null }, whomToRing: null, ...over });
const show = (ask: Asking, how = standing(), sealed: string[] = []) => showRecord(ask, how, { feeds, rows, isSealed: (key) => sealed.includes(key) });
const values = (shown: ReturnType<typeof show>) => shown.map(({ feed, rows: some }) => [feed.feed, some.map(({ cells }) => Object.fromEntries(cells.map((cell) => [cell.column.name, cell.value])))]);

describe('a person’s record', () => {
  test('holds the columns that a clause gives, newest first, with the clause and the date among them', () => {
    const shown = show(asking([grant('roll/joined'), grant('roll/need', { clause: 2 })]));
    expect(values(shown)).toEqual([['roll', [{ joined: '2025-09-01' }, { joined: '2024-09-01', need: 'support' }]]]);
    expect(shown[0]!.rows.map(({ date }) => date)).toEqual(['2025-09-01', '2024-09-01']);
    expect(shown[0]!.by).toEqual([1, 2].map((clause) => ({ allowed: true, by: 'clause', clause: { agreementId: 'a1', version: 1, clause } })));
    expect(basisOfRecord(shown)).toBe('a1/1/1 a1/1/2');
  });

  test('gives no date that is not shown, and takes no day of birth for one', () => {
    const shown = show(asking([grant('roll/surname'), grant('roll/birth')]));
    expect(shown[0]!.rows.map(({ date }) => date)).toEqual([null, null, null]);
    expect(values(show(asking([grant('roll/need')])))).toEqual([['roll', [{ need: 'support' }]]]);
  });

  test('has no trace of feeds, rows and columns that are left out', () => {
    expect(show(asking([grant('roll/need')]))).toHaveLength(1);
    expect(show(asking([grant('roll/unknown')]))).toEqual([]);
    expect(show(asking([]))).toEqual([]);
  });

  test.each(relations)('asks who stands as close as %s', (relation) => {
    const ask = asking([grant('roll/need')]);
    const close = relations.indexOf(relation) >= relations.indexOf('member');
    expect(show(ask, standing({ relation }))).toHaveLength(close ? 1 : 0);
    expect(maySeeAny(ask, standing({ relation }), feeds)).toBe(close);
    if (!close) expect(nearestRefusal(ask, standing({ relation }), feeds)).toBe('relation-needed');
  });

  test.each<[string, Partial<Asking>, string]>([
    ['another purpose', { purpose: 'commissioning' }, 'not-for-purpose'],
    ['no purpose', { purpose: null }, 'no-purpose'],
    ['another role', { who: { userId: 'u1', role: 'analyst', agency: 'early-help' } }, 'not-recipient'],
    ['another agency', { who: { userId: 'u1', role: 'lead-practitioner', agency: 'housing' } }, 'not-recipient'],
    ['later', { at: at + 1000 }, 'lapsed'],
    ['before', { at: at - 1001 }, 'not-yet'],
  ])('is empty for %s', (_, over, reason) => {
    const ask = asking([grant('roll/need')], over);
    expect(show(ask)).toEqual([]);
    expect(nearestRefusal(ask, standing(), feeds)).toBe(reason);
  });

  test('is for its keepers alone where it is sealed, glass or no glass', () => {
    const ask = asking([grant('roll/need')]);
    expect(show(ask, standing({ subject: { sealed: true, keeper: false, brokenUntil: at + 1000 } }))).toEqual([]);
    expect(show(ask, standing({ subject: { sealed: true, keeper: true, brokenUntil: null } }))).toHaveLength(1);
  });

  test('shows all but scores while the glass is broken, and says so', () => {
    const broken = standing({ relation: 'none', subject: { sealed: false, keeper: false, brokenUntil: at + 1000 } });
    const shown = show(asking([grant('roll/need', { relation: 'none' })]), broken);
    expect(values(shown)[1]).toEqual(['calls', [{ at: '2025-01-05 22:10:00', place: 'Mill Lane' }]]);
    expect(basisOfRecord(shown)).toBe('a1/1/1 broken-glass');
    expect(show(asking([], { who: { userId: 'u1', role: 'analyst', agency: 'early-help' } }), broken)).toEqual([]);
  });

  test('never holds a count of adverse experiences, whatever a clause says', () => {
    expect(show(asking([grant('calls/ace_score')]))).toEqual([]);
    expect(nearestRefusal(asking([grant('calls/ace_score')]), standing(), [{ ...calls, columns: [column('ace_score')] }])).toBe('score-of-a-person');
  });

  test('leaves out where an incident was, and any free text, where somebody else in it is sealed', () => {
    const ask = asking([grant('calls/at'), grant('calls/place')]);
    expect(values(show(ask, standing(), ['P2']))).toEqual([['calls', [{ at: '2025-01-05 22:10:00' }]]]);
    expect(values(show(ask, standing(), ['P3']))).toEqual([['calls', [{ at: '2025-01-05 22:10:00', place: 'Mill Lane' }]]]);
  });
});
