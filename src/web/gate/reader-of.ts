// Who asks, of a request to a page.

import type { FastifyRequest } from 'fastify';
import type { Reader } from '../../govern/index.ts';
import type { PageDeps } from '../page.ts';

export async function readerOf(deps: Pick<PageDeps, 'gate'>, request: FastifyRequest): Promise<Reader> {
  return (await deps.gate.askingOf(request.session!)).who;
}
