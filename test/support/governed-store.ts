// A casework store for tests of access: its owner plants agreements' grants and cases as they may be, and readers ask through the application's role.

import type { Clock } from '../../src/core/index.ts';
import type { Grant } from '../../src/govern/index.ts';
import { openCasework, type Casework } from '../../src/store/index.ts';
import { administer, type StoresUnderTest } from './stores.ts';

export interface GovernedStore {
  casework: Casework;
  /** Runs statements as the owner of the tables (on a server: as its administrator). */
  asOwner(statements: string): Promise<void>;
  /** Makes these the grants that hold; `clock` decides by itself whether they hold now. */
  plantGrants(grants: readonly Grant[]): Promise<void>;
}

export async function openGovernedStore(stores: Pick<StoresUnderTest, 'readyPlace'>, clock: Clock): Promise<GovernedStore> {
  const place = await stores.readyPlace();
  const casework = await openCasework({ ...place, clock });
  const asOwner = async (statements: string) => {
    if (place.url !== undefined) {
      await administer(`set role headwater_owner; set search_path to casework, pg_temp; ${statements}`, place.url);
      return;
    }
    const run = (text: string) => casework.jobsDatabase.executeSql(text);
    try {
      await run(`reset role; set role headwater_owner; ${statements}; reset role; set role headwater_app`);
    } catch (error) {
      await run('rollback; reset role; set role headwater_app');
      throw error;
    }
  };
  const plantGrants = (grants: readonly Grant[]) => asOwner(`delete from access_grant;\n${grantsSql(grants)}`);
  return { casework, asOwner, plantGrants };
}

/** A value as text in SQL. */
export const quoted = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);
export const timeSql = (at: number) => (at === Infinity ? "'infinity'::timestamptz" : `to_timestamp(${at} / 1000.0)`);

function grantsSql(grants: readonly Grant[]): string {
  const rows = grants.map(({ agreementId, version, clause, agency, role, purpose, holder, item, form, relation, from, to, endedBy }) => {
    const texts = [agency, role, purpose, holder, item, form, relation, endedBy].map(quoted).join(', ');
    return `(${quoted(agreementId)}, ${version}, ${clause}, ${texts}, ${timeSql(from)}, ${to === Infinity ? 'null' : timeSql(to)})`;
  });
  return rows.length === 0 ? 'select 1' : `insert into access_grant (agreement_id, version, clause, agency, role, purpose, holder, item, form, relation, ended_by, valid_from, valid_to) values ${rows.join(', ')}`;
}
