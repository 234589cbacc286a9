// The map of the code, made from the opening comment of each room's index.ts. `npm run map` writes it to docs/map.md.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function codeMap(root: string): string {
  const source = join(root, 'src');
  const rooms = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(source, entry.name, 'index.ts')))
    .map((entry) => entry.name)
    .toSorted();
  const lines = rooms.map((room) => {
    const text = readFileSync(join(source, room, 'index.ts'), 'utf8');
    const opening = text.split('\n').slice(0, text.split('\n').findIndex((line) => !line.startsWith('//')));
    return `| [\`${room}\`](../src/${room}/index.ts) | ${opening.map((line) => line.replace(/^\/\/\s?/, '')).join(' ').trim()} |`;
  });
  return `# Map of the code\n\nMade from the opening comment of each room's \`index.ts\` by \`npm run map\`. Do not edit by hand.\n\n| room | what it is |\n|---|---|\n${lines.join('\n')}\n`;
}
