// The query engine: DuckDB in this process. One small seam, so that another engine can read the same Parquet later.

import type { Duck } from './duck-driver.ts';
import { openingKeys, type FileKey } from './home-key.ts';
import type { Home } from './home.ts';
import { addKeySql } from './read-parquet.sql.ts';

export interface DuckOptions {
  /** A file, or ':memory:' (default). */
  path?: string;
  /** Such as '1GB'. */
  memoryLimit?: string;
  /** One where absent: a second only costs where tables are small. */
  threads?: number;
  /** Where to spill when memory runs short. */
  tempDirectory?: string;
  /** Keys of encrypted Parquet files that it may read. */
  keys?: readonly FileKey[];
  /** The file is deleted after use: nothing is done to keep it small, or whole for another opening. */
  throwAway?: boolean;
}

/**
 * Finding out how texts are best compressed takes longer than writing them as they are, and a last checkpoint would write much of the file again.
 * Statements run on any of several threads: without background threads, one that then stands idle keeps the memory that it freed.
 */
const throwAwaySql = "SET allocator_background_threads = true; SET disabled_compression_methods = 'fsst,dictionary'; SET checkpoint_threshold = '1TB'; PRAGMA disable_checkpoint_on_shutdown";

export type { Duck, SqlParams } from './duck-driver.ts';
export { id, text } from './quote-sql.ts';

export async function openDuck(options: DuckOptions = {}): Promise<Duck> {
  const config: Record<string, string> = {
    memory_limit: options.memoryLimit ?? '2GB',
    threads: String(options.threads ?? 1),
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (options.tempDirectory) config.temp_directory = options.tempDirectory;
  // Loaded here, so that what reads no table starts without it.
  const { connectDuck } = await import('./duck-driver.ts');
  const duck = await connectDuck(options.path ?? ':memory:', config);
  if (options.throwAway) await duck.run(throwAwaySql);
  for (const key of options.keys ?? []) await duck.run(addKeySql(key));
  return duck;
}

/** A query engine with the settings of a home, which may read its encrypted files. */
export function openHomeDuck(home: Home, options: Omit<DuckOptions, 'keys'> = {}): Promise<Duck> {
  return openDuck({ memoryLimit: home.settings.memoryLimit, threads: home.settings.threads, ...options, keys: openingKeys(home) });
}
