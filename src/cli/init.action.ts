// headwater init DIR: makes a partnership's home.

import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asProblem, Problem, quoteForShell } from '../core/index.ts';
import { fingerprint, homeAt, homeKeys, keyFileOf, makeFolder, makeKeyFile, parseSettings, writeWhole, type GivenKeys, type Home } from '../store/index.ts';
import { print, type CliContext } from './context.ts';

export function settingsYaml(partnership: string, simulated: boolean): string {
  return `# The settings of this partnership. Packs in packs/ replace the product's packs of the same name.
partnership: ${JSON.stringify(partnership)}
simulated: ${simulated}
memoryLimit: 2GB
threads: 2
`;
}

/** Makes a home folder and its key; a Problem where one is there already or it cannot be written. */
export function createHome(dir: string, { partnership, simulated, given }: { partnership: string; simulated: boolean; given?: GivenKeys | undefined }): Home {
  const root = resolve(dir);
  const file = join(root, 'headwater.yaml');
  if (statSync(root, { throwIfNoEntry: false })?.isFile()) {
    throw new Problem('usage', { what: 'This is a file, and a home is a folder', where: root, todo: 'Choose a folder that is new or empty: name it, or set HEADWATER_HOME to it.' });
  }
  if (existsSync(file)) {
    throw new Problem('usage', { what: 'There is a partnership here already', where: file, todo: 'Choose another folder, or use this one with --home.' });
  }
  const yaml = settingsYaml(partnership, simulated);
  try {
    const home = homeAt(root, parseSettings(yaml, file), given);
    // The environment's key is not written down; a wrong one is said before anything is made.
    const keys = homeKeys(home);
    for (const folder of [home.dir, home.data, home.loads, home.keys, home.temp]) makeFolder(folder);
    makeFolder(join(home.packs, 'feeds'));
    if (!keys) makeKeyFile(keyFileOf(home));
    writeWhole(file, yaml);
    return home;
  } catch (error) {
    throw asProblem(error, root);
  }
}

export function init(context: CliContext, dir: string, options: { name: string; json?: boolean }): void {
  const home = createHome(dir, { partnership: options.name, simulated: false, given: context.given });
  const keys = homeKeys(home)!;
  print(context, options.json, { home: home.dir, partnership: options.name, key: fingerprint(keys.current.id) }, () => [
    `Made a home for "${options.name}" in ${home.dir}.`,
    keys.source === 'environment' ? 'Its files are encrypted with HEADWATER_KEY.' : `Its files are encrypted with the key in ${keyFileOf(home)}. Keep a copy of it elsewhere: without it nothing here can be opened.`,
    `Next: npx headwater ingest FEED FILE… --home ${quoteForShell(dir)}   (npx headwater feeds lists the feeds)`,
  ]);
}
