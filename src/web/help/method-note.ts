// The notes on methods, docs/methods, by their id. They are read once, when the server starts: an id that is asked for is looked up
// among these and never becomes a path.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { webFolder } from '../web-folder.ts';

export interface MethodNote {
  id: string;
  title: string;
  /** What it answers, in a sentence; empty where the note does not say. */
  lead: string;
  markdown: string;
}

/** The product's own, beside src in a checkout and in the published package. */
export const methodsFolder = join(webFolder, '..', '..', 'docs', 'methods');

/** Empty where the folder is missing. */
export function readMethodNotes(folder: string = methodsFolder): Map<string, MethodNote> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[a-z0-9-]+\.md$/.test(name)).toSorted() : [];
  return new Map(names.map((name) => [name.slice(0, -3), readNote(name.slice(0, -3), readFileSync(join(folder, name), 'utf8'))]));
}

function readNote(id: string, markdown: string): MethodNote {
  const title = /^\s*#\s+(.+)/.exec(markdown)?.[1]?.trim() ?? id;
  const lead = /^\*([^*]+)\*/m.exec(markdown)?.[1] ?? '';
  return { id, title, lead, markdown };
}

/** The page of a document that another names: "demand.md", "../glossary.md", "methods/demand.md#rates". */
export function findDocumentPage(notes: ReadonlyMap<string, unknown>, href: string): string | undefined {
  const [, path, part = ''] = /^(?:\.\/|\.\.\/)?((?:methods\/)?[a-z0-9-]+)\.md(#[\w-]+)?$/.exec(href) ?? [];
  if (path === undefined) return undefined;
  if (path === 'glossary') return `/help/glossary${part}`;
  const id = path.replace(/^methods\//, '');
  return notes.has(id) ? `/help/methods/${id}${part}` : undefined;
}
