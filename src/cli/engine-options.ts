// The threads and memory of the query engine, as a command line gives them: the engine itself says no word of what is wrong with them.

import { Problem } from '../core/index.ts';

interface Given {
  threads?: string;
  memory?: string;
}

export function readEngineOptions({ threads, memory }: Given): { threads?: number; memoryLimit?: string } {
  if (threads !== undefined && !/^[1-9]\d?$/.test(threads)) throw new Problem('usage', { what: `"${threads}" is no number of threads`, where: '--threads', todo: 'Give a whole number such as 2.' });
  if (memory !== undefined && !/^\d+(\.\d+)? ?[KMGT]i?B$/i.test(memory)) throw new Problem('usage', { what: `"${memory}" is no size of memory`, where: '--memory', todo: 'Give a number with its unit, such as 4GB or 500MB.' });
  return { ...(threads === undefined ? {} : { threads: Number(threads) }), ...(memory === undefined ? {} : { memoryLimit: memory }) };
}
