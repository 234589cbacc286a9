// Failures of the query engine and the disk while loading, without the rows that the engine quotes in its messages: those may be personal.

import { asProblem, Problem } from '../core/index.ts';

export function asLoadProblem(error: unknown, where: string): unknown {
  const known = asProblem(error, where);
  if (known instanceof Problem) return known;
  if (!(error instanceof Error)) return new Error(`Loading failed (${where})`);
  if (/out of memory/i.test(error.message)) {
    return new Problem('storage', { what: 'Loading needs more memory than it may use', where, todo: 'Raise memoryLimit in headwater.yaml, or load the file in parts; nothing of it was loaded.' });
  }
  // The first line says what failed; the lines after it may quote a row.
  const [first = ''] = error.message.split('\n');
  const plain = new Error(`Loading failed (${where}): ${first.replace(/(["']).*\1/g, '…').slice(0, 200)}`);
  plain.stack = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')).join('\n');
  return plain;
}
