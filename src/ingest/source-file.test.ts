import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileIn, temporaryHome } from '../../test/support/ingest-home.ts';
import { openBytes } from './source-file.ts';

it('a small file is read with as little memory, a large one in pieces of a mebibyte', async () => {
  const path = fileIn(temporaryHome(), 'small.csv', 'a,b\n'.repeat(2000));
  const small = openBytes({ path, bytes: statSync(path).size });
  const large = openBytes({ path, bytes: 2 ** 40 });
  expect([small.readableHighWaterMark, large.readableHighWaterMark]).toEqual([8000, 2 ** 20]);
  large.destroy();
  let read = 0;
  for await (const chunk of small as AsyncIterable<Buffer>) read += chunk.length;
  expect(read).toBe(8000);
});
