// Which person a pseudonym of one purpose stands for, by working the pseudonym of every person out again: nothing is kept that leads back. It decides
// nothing about who may ask: the room `govern` does.

import { isPseudonym, type PseudonymSource } from '../govern/index.ts';
import { followIdentified, pseudonymKey, type Home } from '../store/index.ts';
import { peopleOfPseudonymsSql } from './purpose-pseudonym.sql.ts';
import { pseudonymBlocks, purposeKey } from './purpose-pseudonym.ts';

export interface PseudonymPeople extends PseudonymSource {
  close(): Promise<void>;
}

export function openPseudonyms(home: Home): PseudonymPeople {
  const reader = followIdentified(home, ['source_person', 'person_event'].map((name) => ({ zone: 'identified' as const, name })));
  return {
    async peopleOf(purpose, pseudonyms) {
      const asked = pseudonyms.filter(isPseudonym);
      if (asked.length === 0) return new Map();
      const blocks = pseudonymBlocks(purposeKey(pseudonymKey(home), purpose));
      const rows = await reader.rows<{ pseudonym: string; person_key: string }>(peopleOfPseudonymsSql, { ...blocks, asked: asked.join('\n') });
      return new Map(rows.map(({ pseudonym, person_key }) => [pseudonym, person_key]));
    },
    close: () => reader.close(),
  };
}
