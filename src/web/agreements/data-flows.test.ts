import { expect, test } from 'vitest';
import { contentFromTemplate, readAgreementPacks } from '../../govern/index.ts';
import { createNaming, presentVocabulary } from './agreement-vocabulary.ts';
import { presentFlows } from './data-flows.page.ts';

const packs = readAgreementPacks(undefined);
const vocabulary = presentVocabulary(packs);

test.each([...packs.templates.keys()])('the flows drawn for the template %s are those that the agreement gives, agency by agency', (code) => {
  const content = contentFromTemplate(packs.templates.get(code)!, '2026-11-01');
  const { agency } = createNaming(vocabulary);
  const flows = presentFlows(content, vocabulary);
  expect(flows.map(({ number }) => number)).toEqual(content.clauses.map((_, place) => place + 1));
  for (const { number, givers, receivers } of flows) {
    const { from, items, to } = content.clauses[number - 1]!;
    const held = from.map((holder) => ({ agency: agency(holder), held: items.filter((item) => 'section' in item || packs.feeds.get(item.feed)!.holder === holder).length })).filter((giver) => giver.held > 0);
    expect(givers.map((giver) => ({ agency: giver.agency, held: giver.items.length }))).toEqual(held);
    expect(receivers).toHaveLength(new Set(to.map((receiver) => receiver.agency)).size);
  }
});

test('an agency that holds none of the items is not drawn as giving', () => {
  const content = contentFromTemplate(packs.templates.get('understand-demand-and-harm')!, '2026-11-01');
  const clause = { ...content.clauses[0]!, from: ['police', 'housing'], items: [{ feed: 'police-incident', fields: 'all' as const }] };
  expect(presentFlows({ ...content, clauses: [clause] }, vocabulary)[0]!.givers).toEqual([{ agency: 'Police', items: ['Police incidents: all fields but those that identify'] }]);
});
