import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { runCommandHere } from '../../test/support/run-command.ts';

it('names a destroyed load whose files are still there, and is content when they are gone', async () => {
  const home = join(newFolder('doctor'), 'home');
  await runCommandHere(['init', home]);
  const [feed, name] = ['tenancy', '000001-0123456789ab'];
  mkdirSync(join(home, 'loads', feed, name), { recursive: true });
  writeFileSync(join(home, 'loads', feed, `.destroyed-${name}.json`), JSON.stringify({ load: `${feed}/${name}`, sha256: '0123456789ab'.padEnd(64, '0') }));
  const line = async () => (await runCommandHere(['doctor', '--home', home])).stdout.split('\n').find((each) => each.includes(' destroyed '));
  expect(await line()).toBe(`FAIL  destroyed  files of destroyed loads are still there: ${feed}/${name}. Start the server, which removes them; while something is loaded, built or backed up, it waits.`);
  rmSync(join(home, 'loads', feed, name), { recursive: true });
  expect(await line()).toBe('ok    destroyed  no files of destroyed loads are left');
});
