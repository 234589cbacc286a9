import { expect, it } from 'vitest';
import type { Answer, Table } from '../../core/index.ts';
import { presentQualitySections } from './data-quality.page.ts';

const table = (id: string): Table => ({ id, title: id, columns: [], rows: id === 'settled-links' ? [{ group: 'All' }] : [], suppressed: [] });
const sections = (ids: string[]) => presentQualitySections({ tables: ids.map(table), figures: {} } as unknown as Answer).map(({ table: id }) => id);

it('shows the pairs that people settled beside the linkage by group, and only where the answer has them', () => {
  const shown = sections(['freshness', 'rows', 'quarantine', 'gaps', 'silences', 'settled-links']);
  expect(shown.indexOf('settled-links')).toBe(shown.indexOf('linkage') + 1);
  expect(sections(['freshness', 'rows', 'quarantine', 'gaps', 'silences'])).not.toContain('settled-links');
});
