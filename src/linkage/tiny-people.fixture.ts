// Small tables of records for tests: only what a test names is filled.

import type { Duck } from '../store/index.ts';

export interface TinyRecord {
  id: string;
  forename?: string;
  middle?: string;
  surname?: string;
  born?: string;
  sex?: 'M' | 'F';
  ethnicity?: string;
  address?: string;
  postcode?: string;
  nhs?: string;
  upn?: string;
  phone?: string;
  email?: string;
}

const columns = {
  source_id: 'VARCHAR', agency: 'VARCHAR', local_id: 'VARCHAR', forename: 'VARCHAR', middle_names: 'VARCHAR', surname: 'VARCHAR', birth_date: 'DATE', sex: 'VARCHAR', ethnicity: 'VARCHAR',
  address: 'VARCHAR', postcode: 'VARCHAR', nhs_number: 'VARCHAR', upn: 'VARCHAR', phone: 'VARCHAR', email: 'VARCHAR',
};

/** Makes the table source_record of the records, in their order, in one statement, since each takes as long as many records; the id is AGENCY:LOCAL. */
export async function writeTinyPeople(duck: Duck, records: TinyRecord[]): Promise<void> {
  const rows = records.map(({ id, middle, born, nhs, ...same }) => {
    const [agency, local] = id.split(':');
    return { source_id: id, agency, local_id: local, middle_names: middle, birth_date: born, nhs_number: nhs, ...same };
  });
  await duck.run(`CREATE OR REPLACE TABLE source_record AS SELECT record.* FROM (SELECT unnest(from_json($rows::JSON, $shape)) AS record)`, { rows: JSON.stringify(rows), shape: JSON.stringify([columns]) });
}
