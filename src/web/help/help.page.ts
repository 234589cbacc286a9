// Help, sources, the words we use; and for anyone, signed in or not, accessibility and cookies.

import type { FastifyInstance } from 'fastify';
import type { PageDeps } from '../page.ts';
import type { FeedNote, Limits } from '../web-options.ts';
import { markdownToHtml } from './plain-markdown.ts';

export interface HelpOptions {
  https: boolean;
  feeds: readonly FeedNote[];
  contact?: { name: string; email?: string };
  glossary?: string;
  limits: Limits;
}

/** "social-care" → "Social care". */
const inWords = (code: string) => code.replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');

const presentFeed = (feed: FeedNote) => ({ ...feed, agency: inWords(feed.agency) });

export function helpRoutes(app: FastifyInstance, deps: PageDeps, options: HelpOptions): void {
  const glossary = options.glossary === undefined ? null : markdownToHtml(options.glossary);
  const signedIn = { preHandler: deps.requirePage('help') };
  const anyone = { config: { access: 'public' as const } };
  const prefix = options.https ? '__Host-' : '';

  app.get('/help', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/help.njk', { title: 'Help', contact: options.contact }));
  app.get('/help/sources', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/sources.njk', { title: 'Where the data come from', feeds: options.feeds.map(presentFeed) }));
  app.get('/help/glossary', signedIn, async (_request, reply) => deps.renderPage(reply, 'help/glossary.njk', { title: 'Words we use', glossary }));
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
