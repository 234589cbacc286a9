import { describe, expect, it } from 'vitest';
import { closeKnown, lostParts, partsLeft, removedMark, reviewParts, showParts, withheldNow, type PackPart, type PartChoice } from './subject-access-pack.ts';
import { openOtherFinder } from './third-party.ts';

const finder = openOtherFinder({ own: { forename: ['Ada'], surname: ['Quill'] }, others: [{ personKey: 'P1', values: { forename: ['Benedict'], surname: ['Quill'] } }] });
const column = (name: string, over: object = {}) => ({ name, label: name, type: 'text', identifying: false, ...over });
const note: PackPart = { part: 'entry:1', kind: 'entry', holder: 'early-help', date: '2026-11-01', code: 'worries', facts: [{ name: 'text', label: 'Worries', value: 'Benedict came with Ada, and benedict left early', text: true }] };
const incident: PackPart = {
  part: 'row:police-incident/1:4', kind: 'row', group: 'feed:police-incident', holder: 'police', date: null, shared: 'too',
  facts: [{ name: 'incident_ref', label: 'Ref', value: 'I1', column: column('incident_ref'), text: true }, { name: 'location', label: 'Location', value: '9 Orchard Way', column: column('location', { identifying: true }), text: true }],
};
const theirs: PackPart = { part: 'row:x/1:5', kind: 'row', group: 'feed:x', holder: 'police', date: null, shared: 'theirs', facts: [{ name: 'surname', label: 'Last name', value: 'Rowe', column: column('surname', { person: 'surname', identifying: true }) }, { name: 'sex', label: 'Sex', value: 'M', column: column('sex', { person: 'sex' }) }, { name: 'outcome', label: 'Outcome', value: 'None', column: column('outcome'), text: true }] };
const seal: PackPart = { part: 'seal:1', kind: 'seal', holder: null, date: null, facts: [] };
const parts = [note, incident, theirs, seal];
const decide = (choice: PartChoice['choice'], kinds: string[], more: PartChoice[] = []) =>
  [...more, ...reviewParts(parts, finder, []).filter(({ kind }) => kinds.includes(kind)).flatMap(({ places }) => places.map(({ place }): PartChoice => ({ place, choice, reason: 'x', by: 'lead', at: 1 })))];
const texts = (choices: PartChoice[]) => showParts(parts, reviewParts(parts, finder, choices)).flatMap(({ facts }) => facts.map(({ shown }) => shown));

describe('what tells of others in what is held', () => {
  it('is each name wherever it stands, the columns of rows about others, each text to be read, and whether there is a seal', () => {
    const items = reviewParts(parts, finder, []);
    expect(items.map(({ kind, found, places, waits }) => [kind, found, places.length, waits])).toEqual([
      ['name', 'Benedict', 2, true], ['read', 'Benedict came with Ada, and benedict left early', 1, true], ['column', '9 Orchard Way', 1, true], ['column', 'Rowe', 2, true], ['seal', '', 1, true],
    ]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(5);
    for (const { places } of items) for (const { place } of places) expect(place).not.toMatch(/Benedict|Rowe|Orchard/i);
  });

  it('waits no more once every place of it is decided, and waits again where a place is new', () => {
    const choices = decide('remove', ['name']);
    expect(reviewParts(parts, finder, choices).find(({ kind }) => kind === 'name')!.waits).toBe(false);
    const later = { ...note, part: 'entry:2' };
    expect(reviewParts([...parts, later], finder, choices).find(({ kind }) => kind === 'name')!.waits).toBe(true);
  });
});

describe('what is released', () => {
  it('has nothing of what waits, nor of what is removed, and all of what is kept', () => {
    expect(texts([])).toEqual([removedMark, 'I1', removedMark, removedMark, removedMark, 'None']);
    const read = decide('keep', ['read', 'column']);
    expect(texts(read)[0]).toBe(`${removedMark} came with Ada, and ${removedMark} left early`);
    expect(texts(decide('keep', ['name', 'read', 'column']))).toEqual(['Benedict came with Ada, and benedict left early', 'I1', '9 Orchard Way', 'Rowe', 'M', 'None']);
  });

  it('has a text no more that was read and is removed, whatever was kept of its names', () => {
    expect(texts(decide('remove', ['read'], decide('keep', ['name'])))[0]).toBe(removedMark);
  });

  it('goes by the newest choice', () => {
    expect(texts([...decide('keep', ['column']), ...decide('remove', ['column'])])[2]).toBe(removedMark);
  });

  it('tells of a seal only where that was decided', () => {
    const kinds = (choices: PartChoice[]) => showParts(parts, reviewParts(parts, finder, choices)).map(({ kind }) => kind);
    expect(kinds(decide('remove', ['seal']))).not.toContain('seal');
    expect(kinds(decide('keep', ['seal']))).toContain('seal');
  });
});

it.each(['Stepdad did it', 'rowe-statement.pdf', 'Her'])('what somebody wrote waits to be read, however short: %s', (value) => {
  const short: PackPart = { part: 'attachment:1', kind: 'attachment', holder: 'early-help', date: null, facts: [{ name: 'file_name', label: 'File', value, text: true }] };
  const items = reviewParts([short], finder, []);
  expect(items.map(({ kind, found, waits }) => [kind, found, waits])).toEqual([['read', value, true]]);
  expect(showParts([short], items)[0]!.facts[0]!.shown).toBe(removedMark);
});

it('a row that was withheld and is no longer there under its line is lost, until it is given back; a feed or an entry is not', () => {
  const withhold = (part: string) => ({ part, act: 'withhold' as const, ground: 'crime', words: 'x', by: 'lead', at: 1 });
  const decided = ['row:police-incident/1:4', 'row:police-incident/0:4', 'feed:none', 'entry:gone'].map(withhold);
  expect(lostParts(parts, withheldNow(decided))).toEqual(['row:police-incident/0:4']);
  expect(lostParts(parts, withheldNow([...decided, { ...withhold('row:police-incident/0:4'), act: 'give' }]))).toEqual([]);
});

it('what leads to somebody sealed is out of every text before it is read or offered', () => {
  const alone: PackPart = { part: 'attachment:1', kind: 'attachment', holder: 'early-help', date: null, facts: [{ name: 'file_name', label: 'File', value: 'Benedict', text: true }] };
  const closed = closeKnown([note, alone], finder);
  expect(closed.flatMap(({ facts }) => facts.map(({ value, closed: shut }) => [value, shut]))).toEqual([[`${removedMark} came with Ada, and ${removedMark} left early`, undefined], ['', true]]);
  expect(JSON.stringify(reviewParts(closed, finder, []))).not.toMatch(/Benedict/i);
  expect(showParts(closed, [])[1]!.facts[0]!.shown).toBe(removedMark);
});

it('what is withheld is not there, nor to be decided on, until it is given again', () => {
  const withhold = { part: 'feed:police-incident', act: 'withhold' as const, ground: 'crime', words: 'x', by: 'lead', at: 1 };
  const left = (exemptions: Parameters<typeof withheldNow>[0]) => partsLeft(parts, withheldNow(exemptions)).map(({ part }) => part);
  expect(left([withhold, { ...withhold, part: 'entry:1' }])).toEqual(['row:x/1:5', 'seal:1']);
  expect(left([withhold, { ...withhold, act: 'give' }])).toEqual(parts.map(({ part }) => part));
});

it('who wrote down what is withheld, and who set a seal that is not told of, is not told of either', () => {
  const event = (auditEventId: number, action: string, id: string) => ({ auditEventId, occurredAt: 1, actorId: 'x', action, outcome: 'done' as const, subjectIds: [id, 'P1'] });
  const seen = [event(1, 'share.record', 's1'), event(2, 'seal.set', 'q1'), event(3, 'person.view', 'P1')].map((each): PackPart => ({ part: `seen:${each.auditEventId}`, kind: 'seen', holder: null, date: null, event: each, facts: [] }));
  const share: PackPart = { part: 'share:s1', kind: 'share', holder: 'police', date: null, facts: [] };
  const all = [share, seal, ...seen];
  const withheld = withheldNow([{ part: 'share:s1', act: 'withhold', ground: 'crime', words: 'x', by: 'lead', at: 1 }]);
  expect(partsLeft(all, withheld).map(({ part }) => part)).toEqual(['seal:1', 'seen:2', 'seen:3']);
  const items = reviewParts(all, finder, []);
  expect(items.map(({ kind, places }) => [kind, places.map(({ part }) => part.part)])).toEqual([['seal', ['seal:1', 'seen:2']]]);
  expect(showParts(all, items).map(({ part }) => part)).toEqual(['share:s1', 'seen:1', 'seen:3']);
});
