// Whom do agencies know around one person, and by which names and numbers? From the served snapshot, for whoever must take other people out of what is
// given to the person. It decides nothing about who may see what.

import { identityFields, type PeopleAround } from '../govern/index.ts';
import { listNicknames } from '../linkage/index.ts';
import { followIdentified, type Home } from '../store/index.ts';
import { identitiesAroundSql, rowsWithOthersSql } from './linked-people.sql.ts';

const tables = ['mention', 'event', 'household'];

export interface LinkedPeople {
  /** Also of further people, by their keys. */
  around(personKey: string, also?: readonly string[]): Promise<PeopleAround>;
  close(): Promise<void>;
}

type Values = Record<string, string[]>;

/** Opens at the first question; a Problem where there is no snapshot. */
export function openLinkedPeople(home: Home): LinkedPeople {
  const reader = followIdentified(home, tables.map((name) => ({ zone: 'identified' as const, name })));
  const nicknames = listNicknames(home.packs);
  return {
    async around(personKey, also = []) {
      const rows = await reader.rows<{ person_key: string | null; own: boolean; field: string; value: string }>(identitiesAroundSql([...identityFields, 'birth_date']), { key: personKey, also: also.join('\n') });
      const shared = await reader.rows<{ load_id: string; line: number; theirs: boolean }>(rowsWithOthersSql, { key: personKey });
      const valuesOf = (some: typeof rows): Values => Object.fromEntries([...Map.groupBy(some, ({ field }) => field)].map(([field, own]) => [field, own.map(({ value }) => value)]));
      const others = Map.groupBy(rows.filter(({ own }) => !own), ({ person_key }) => person_key ?? '');
      return {
        own: valuesOf(rows.filter(({ own }) => own)),
        others: [...others].map(([key, some]) => ({ personKey: key, values: withNicknames(valuesOf(some), nicknames) })),
        shared: new Map(shared.map(({ load_id, line, theirs }) => [`${load_id} ${line}`, theirs ? 'theirs' : 'too'])),
      };
    },
    close: () => reader.close(),
  };
}

/** A forename may be written in any of its forms. */
function withNicknames(values: Values, groups: readonly string[][]): Values {
  const names = (values.forename ?? []).map((name) => name.toLowerCase());
  const forms = groups.filter((group) => group.some((name) => names.includes(name))).flat();
  return forms.length === 0 ? values : { ...values, forename: [...new Set([...values.forename!, ...forms])] };
}
