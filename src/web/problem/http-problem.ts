// The one place that turns what went wrong into an HTTP answer. Nothing of the error itself is shown, but for the two sentences
// of a Problem, which are written for people and hold no personal data; where it happened (a file's path) stays in the log.

import type { FastifyError } from 'fastify';
import { Problem, type ErrorKind } from '../../core/index.ts';
import { NoDataYet } from './no-data.ts';

export interface HttpProblem {
  status: number;
  title: string;
  /** Sentences, in the order they are read. */
  detail: string[];
  /** The code of the reason, for programs. */
  reason?: string;
  /** What can be done now. */
  links?: { text: string; href: string }[];
  /** Nothing is broken, so there is nothing to look up in the log. */
  expected?: true;
}

const statusOfKind = {
  failed: 500,
  usage: 400,
  badInput: 400,
  notFound: 404,
  busy: 503,
  storage: 503,
} as const satisfies Record<ErrorKind, number>;

const pages: Record<number, { title: string; detail: string[] }> = {
  400: { title: 'We could not read that request', detail: ['Go back, check what you entered, and try again.'] },
  401: { title: 'Sign in first', detail: ['You need to sign in to see this.'] },
  403: {
    title: 'You may not see this page',
    detail: ['Your role does not include this page.', 'If your work needs it, ask the person who manages access in your partnership.'],
  },
  404: {
    title: 'Page not found',
    detail: ['If you typed the address, check that it is right.', 'If you followed a link, the page may have moved: begin again at the start page.'],
  },
  405: { title: 'That cannot be done here', detail: ['This address does not take what was asked of it.', 'Go back and use the links and buttons on the page.'] },
  408: { title: 'That took too long to arrive', detail: ['The request did not arrive whole in the time that we wait.', 'Check your connection and try again.'] },
  413: { title: 'That is too much to send at once', detail: ['Go back, send less, and try again.'] },
  414: { title: 'That address is too long', detail: ['Choose fewer filters, or begin again at the start page.'] },
  415: { title: 'We could not read that request', detail: ['It was sent in a form that this page does not take.'] },
  417: { title: 'We could not read that request', detail: ['It expects something of this service that it does not offer. Send it without the "Expect" header.'] },
  429: {
    title: 'Too many requests',
    detail: ['Your address, or your sign-in, has asked for a great deal in a short time.', 'Wait a minute and try again.'],
  },
  431: {
    title: 'That request is too long to read',
    detail: ['The address, or what the browser sent with it, is longer than 16 kilobytes.', 'Choose fewer filters. If that does not help, delete the cookies of this service and sign in again.'],
  },
  500: {
    title: 'Sorry, there is a problem with the service',
    detail: ['Try again later.', 'If it happens again, tell the person who runs the service, and give them the reference below.'],
  },
  503: { title: 'The service is busy or being looked after', detail: ['Try again in a few minutes.'] },
};

const noData = {
  title: 'There is no data to show yet',
  detail: [
    'The service works, but no snapshot has been built.',
    'The person who runs it loads files with "npx headwater ingest", then runs "npx headwater build". This page fills when the build ends.',
  ],
};

const unlistedData = {
  title: 'This data cannot be shown yet',
  detail: [
    'The snapshot that is served does not say whose data it holds. So nobody can tell who may see it, and nothing of it is shown. An older version may have built it.',
    'The person who runs the service runs "npx headwater build --force". This page fills when the build ends.',
  ],
};

const formRefused = {
  title: 'We could not accept that form',
  detail: ['It was open for too long, or was not sent from this service.', 'Go back, reload the page, and send it again.'],
};

const unreadableAddress = {
  title: 'We could not read that address',
  detail: ['A part of it that begins with a percent sign stands for no letter, as where an address was cut off when it was copied.', 'Copy the whole address again, or begin at the start page.'],
};

/** The problem of a status that has words here; others in the 400s read as 400, the rest as 500. */
export function problemOfStatus(status: number): HttpProblem {
  return { status, ...(pages[status] ?? pages[status >= 400 && status < 500 ? 400 : 500]!) };
}

export const notFound: HttpProblem = { status: 404, ...pages[404]! };
export const mayNotSee: HttpProblem = { status: 403, ...pages[403]! };
export const signInFirst: HttpProblem = { status: 401, ...pages[401]! };

export function presentHttpProblem(error: unknown): HttpProblem {
  if (error instanceof NoDataYet) return { status: 503, ...(error.unlisted ? unlistedData : noData), expected: true };
  if (error instanceof Problem) {
    const status = statusOfKind[error.kind];
    const page = pages[status]!;
    if (status !== 400) return { status, ...page };
    const { what, todo } = error.details;
    return { status, title: page.title, detail: [`${what.replace(/\.$/, '')}.`, ...(todo ? [todo] : [])] };
  }
  const { statusCode, code } = (error ?? {}) as Partial<FastifyError>;
  if (code?.startsWith('FST_CSRF')) return { status: 403, ...formRefused };
  if (code === 'FST_ERR_BAD_URL') return { status: 400, ...unreadableAddress };
  return problemOfStatus(statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500);
}

/** What may stand in the log of an error: its kind and where in the code, never its text, which may quote data. */
export function presentErrorForLog(error: unknown): Record<string, unknown> {
  if (error instanceof Problem) return { name: error.name, kind: error.kind, what: error.details.what, where: error.details.where };
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12).map((line) => line.trim());
  return { name: error.name, code: (error as NodeJS.ErrnoException).code, frames };
}
