import { expect, test } from 'vitest';
import { contentFromTemplate, dataFlows, readAgreementPacks } from '../../govern/index.ts';
import { createNaming, presentVocabulary } from './agreement-vocabulary.ts';
import { presentFlows } from './data-flows.page.ts';

const packs = readAgreementPacks(undefined);
const vocabulary = presentVocabulary(packs);

test.each([...packs.templates.keys()])('the flows drawn for the template %s are those that the agreement gives, agency by agency', (code) => {
  const content = contentFromTemplate(packs.templates.get(code)!, '2026-11-01');
  const { agency } = createNaming(vocabulary);
  const flows = dataFlows(content, packs);
  for (const { number, givers, receivers } of presentFlows(content, vocabulary)) {
    const own = flows.filter(({ clause }) => clause === number);
    expect(givers.map((giver) => giver.agency)).toEqual([...new Set(own.map(({ from }) => agency(from)))]);
    for (const giver of givers) expect(giver.items).toHaveLength(own.find(({ from }) => agency(from) === giver.agency)!.items.length);
    expect(receivers).toHaveLength(new Set(own.map(({ to }) => to)).size);
  }
});

test('an agency that holds none of the items is not drawn as giving', () => {
  const content = contentFromTemplate(packs.templates.get('understand-demand-and-harm')!, '2026-11-01');
  const clause = { ...content.clauses[0]!, from: ['police', 'housing'], items: [{ feed: 'police-incident', fields: 'all' as const }] };
  expect(presentFlows({ ...content, clauses: [clause] }, vocabulary)[0]!.givers).toEqual([{ agency: 'Police', items: ['Police incidents: all fields but those that identify'] }]);
});
