// Which files a browser may fetch, held in memory under one version: a hash over all of them, so that they may be kept for ever.
// The published style sheets are used as they are, but for GOV.UK's own font and crest, which only central government may use.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { packageFolder, webFolder } from '../web-folder.ts';

const mediaTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};

export interface Asset {
  body: Buffer;
  type: string;
}

export interface AssetCatalogue {
  version: string;
  /** The address of a file by its name; throws where there is none, so that a page cannot point nowhere. */
  url(name: string): string;
  find(name: string): Asset | undefined;
  names(): string[];
}

const systemFonts = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif';

/** Removes the font, the crest and pointers to source maps; makes image addresses relative to the style sheet. */
export function adaptStyleSheet(css: string): string {
  return css
    .replaceAll(/\/\*![^*]*Calvert[^*]*\*\//g, '')
    .replaceAll(/@font-face\s*\{[^}]*\}/g, '')
    .replaceAll(/"?GDS Transport"?,\s*arial,\s*sans-serif/gi, systemFonts)
    .replaceAll(/url\(["']?\/assets\/images\/govuk-crest\.svg["']?\)/g, 'none')
    .replaceAll(/url\((["']?)\/assets\//g, 'url($1')
    .replaceAll(/\/\*# sourceMappingURL=.*?\*\//g, '');
}

const withoutSourceMap = (code: string) => code.replaceAll(/\/\/# sourceMappingURL=.*$/gm, '');

function publishedFiles(): Record<string, Buffer> {
  const govuk = join(packageFolder('govuk-frontend'), 'dist', 'govuk');
  const moj = join(packageFolder('@ministryofjustice/frontend'), 'moj');
  const map = join(packageFolder('maplibre-gl'), 'dist');
  const text = (file: string) => readFileSync(file, 'utf8');
  const files: Record<string, Buffer> = {
    'govuk.css': Buffer.from(adaptStyleSheet(text(join(govuk, 'govuk-frontend.min.css')))),
    'moj.css': Buffer.from(adaptStyleSheet(text(join(moj, 'moj-frontend.min.css')))),
    'govuk-frontend.js': Buffer.from(withoutSourceMap(text(join(govuk, 'govuk-frontend.min.js')))),
    'moj-frontend.js': Buffer.from(withoutSourceMap(text(join(moj, 'moj-frontend.min.js')))),
  };
  for (const name of readdirSync(map).filter((item) => /^maplibre-gl(-shared|-worker)?\.(mjs|css)$/.test(item))) {
    files[name] = Buffer.from(withoutSourceMap(text(join(map, name))));
  }
  const images = join(moj, 'assets', 'images');
  for (const name of readdirSync(images).filter((item) => item.endsWith('.svg') && !/crest|logo/.test(item))) {
    files[`images/${name}`] = readFileSync(join(images, name));
  }
  return files;
}

function ownFiles(folder: string): Record<string, Buffer> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile() && extname(entry.name) in mediaTypes)
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file)]),
  );
}

export function openAssets(folder = join(webFolder, 'assets')): AssetCatalogue {
  const files = Object.entries({ ...publishedFiles(), ...ownFiles(folder) }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const [name, body] of files) hash.update(name).update('\0').update(body).update('\0');
  const version = hash.digest('hex').slice(0, 12);
  const held = new Map<string, Asset>(files.map(([name, body]) => [name, { body, type: mediaTypes[extname(name)]! }]));
  return {
    version,
    url(name) {
      if (!held.has(name)) throw new Error(`No asset is called ${name}`);
      return `/assets/${version}/${name}`;
    },
    find: (name) => held.get(name),
    names: () => [...held.keys()],
  };
}
