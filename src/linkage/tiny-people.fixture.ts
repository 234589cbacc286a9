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

/** Makes the table source_record of the records, in their order; the id is AGENCY:LOCAL. */
export async function writeTinyPeople(duck: Duck, records: TinyRecord[]): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE source_record (source_id VARCHAR, agency VARCHAR, local_id VARCHAR, forename VARCHAR, middle_names VARCHAR, surname VARCHAR,
    birth_date DATE, sex VARCHAR, ethnicity VARCHAR, address VARCHAR, postcode VARCHAR, nhs_number VARCHAR, upn VARCHAR, phone VARCHAR, email VARCHAR)`);
  for (const record of records) {
    const [agency = '', local = ''] = record.id.split(':');
    const values = [record.id, agency, local, record.forename, record.middle, record.surname, record.born, record.sex, record.ethnicity, record.address, record.postcode, record.nhs, record.upn, record.phone, record.email];
    await duck.run(`INSERT INTO source_record VALUES (${values.map((_, index) => `$v${index}`).join(', ')})`, Object.fromEntries(values.map((value, index) => [`v${index}`, value ?? null])));
  }
}
