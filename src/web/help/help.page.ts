// Help, sources, the words we use, the notes on methods; and for anyone, signed in or not, accessibility and cookies.

import type { FastifyInstance } from 'fastify';
import type { PageDeps } from '../page.ts';
import type { FeedNote, Limits } from '../web-options.ts';
import { markdownToHtml } from './markdown-page.ts';
import { findDocumentPage, readMethodNotes } from './method-note.ts';

export interface HelpOptions {
  https: boolean;
  feeds: readonly FeedNote[];
  contact?: { name: string; email?: string };
  glossary?: string;
  /** Folder of the notes on methods; the product's own where absent. */
  methodsFolder?: string;
  limits: Limits;
}

/** "social-care" → "Social care". */
const inWords = (code: string) => code.replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');

const presentFeed = (feed: FeedNote) => ({ ...feed, agency: inWords(feed.agency) });

export function helpRoutes(app: FastifyInstance, deps: PageDeps, options: HelpOptions): void {
  const notes = readMethodNotes(options.methodsFolder);
  const toHtml = (markdown: string) => markdownToHtml(markdown, (href) => findDocumentPage(notes, href));
  const glossary = options.glossary === undefined ? null : toHtml(options.glossary);
  const signedIn = { preHandler: deps.requirePage('help') };
  const anyone = { config: { access: 'public' as const } };
  const prefix = options.https ? '__Host-' : '';

  app.get('/help', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/help.njk', { title: 'Help', contact: options.contact }));
  app.get('/help/sources', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/sources.njk', { title: 'Where the data come from', feeds: options.feeds.map(presentFeed) }));
  app.get('/help/glossary', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/glossary.njk', { title: 'Words we use', glossary }));
  app.get('/help/methods', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/methods.njk', { title: 'How the numbers are made', notes: [...notes.values()] }));
  app.get<{ Params: { id: string } }>('/help/methods/:id', signedIn, async (request, reply) => {
    const note = notes.get(request.params.id);
    if (!note) return deps.renderPage(reply.code(404), 'help/method-note.njk', { title: 'This note is not here', note: null });
    return deps.renderPage(reply, 'help/method-note.njk', { title: note.title, note: toHtml(note.markdown) });
  });
  app.get('/accessibility', anyone, async (_request, reply) =>
    deps.renderPage(reply, 'help/accessibility.njk', { title: 'Accessibility statement', contact: options.contact }),
  );
  app.get('/cookies', anyone, async (_request, reply) =>
    deps.renderPage(reply, 'help/cookies.njk', {
      title: 'Cookies',
      cookies: [
        { name: `${prefix}headwater`, why: 'Keeps you signed in', ends: `When you sign out or close the browser, after ${options.limits.idleMinutes} minutes without use, or after ${options.limits.sessionHours} hours` },
        { name: `${prefix}headwater-form`, why: 'Proves that a form was sent from this service', ends: 'When you close the browser' },
        { name: `${prefix}headwater-sign-in`, why: 'Remembers, while you sign in, where you wanted to go', ends: 'When you have signed in, or after 10 minutes' },
      ],
    }),
  );
}
