// Which columns has a table or view?

import { id, text, type Duck } from '../store/index.ts';
import { engineErrorKind } from './engine-problem.ts';

/** In their order; none where there is no such table. The engine's list of all columns would be made of all its own views first. */
export async function columnsOf(duck: Duck, table: string): Promise<string[]> {
  try {
    return (await duck.rows<{ name: string }>(`SELECT name FROM pragma_table_info(${text(id(table))})`)).map(({ name }) => name);
  } catch (error) {
    if (engineErrorKind(error) !== 'Catalog') throw error;
    return [];
  }
}
