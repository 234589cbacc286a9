// Errors that a person can act on: what is wrong, where, and what to do. Each has an exit code for the command line
// and is mapped to an HTTP status in `web`. A programmer's mistake is thrown as a plain Error instead.

/** Exit codes of the command line, documented in docs/how-to/command-line.md. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  badInput: 3,
  notFound: 4,
  busy: 5,
  storage: 6,
} as const satisfies Record<string, number>;

export type ErrorKind = Exclude<keyof typeof exitCodes, 'ok'>;

export interface ProblemDetails {
  /** What is wrong, as a sentence. */
  what: string;
  /** File, line, column, table or setting. */
  where?: string;
  /** What to do now, as a sentence. */
  todo?: string;
  cause?: unknown;
}

/** A problem that a person can fix. Its message is one line: what, where, what to do. */
export class Problem extends Error {
  readonly kind: ErrorKind;
  readonly details: ProblemDetails;

  constructor(kind: ErrorKind, details: ProblemDetails) {
    const where = details.where ? ` (${details.where})` : '';
    const todo = details.todo ? ` ${details.todo}` : '';
    super(`${details.what.replace(/\.$/, '')}${where}.${todo}`, { cause: details.cause });
    this.name = 'Problem';
    this.kind = kind;
    this.details = details;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** Turns operating-system failures (full disk, no permission) into a Problem; returns anything else unchanged. */
export function asProblem(error: unknown, where: string): unknown {
  if (error instanceof Problem) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device|disk full/i.test(text)) {
    return new Problem('storage', {
      what: 'The disk is full',
      where,
      todo: 'Free some space and run the command again; nothing that was held has been lost.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || /Permission denied/i.test(text)) {
    return new Problem('storage', {
      what: 'Headwater may not write here',
      where,
      todo: 'Give your user write permission to this folder, or set HEADWATER_HOME to another.',
      cause: error,
    });
  }
  return error;
}
