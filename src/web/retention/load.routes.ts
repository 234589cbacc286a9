// /govern/retention/loads: one loaded file that may be due, and what is decided about it.

import type { FastifyInstance } from 'fastify';
import type { FileToDecide } from '../../govern/index.ts';
import { decisionRoutes } from './decision.routes.ts';
import { presentFile, whyNotLoad } from './load-pages.ts';
import { createWords, loadAddress, type RetentionDeps } from './retention-pages.ts';

export function loadRoutes(app: FastifyInstance, deps: RetentionDeps): void {
  const { loads } = deps.retention;
  const words = createWords(deps.vocabulary);
  decisionRoutes<FileToDecide>(app, deps, {
    route: '/govern/retention/loads/:feed/:name', title: 'A file to decide', whyNot: whyNotLoad, done: { keep: 'load-kept', propose: 'load-proposed', confirm: 'load-destroyed' },
    kind: () => 'load',
    ids: ({ load }) => [load],
    // What is no load's id is not kept: somebody may have typed a name.
    askedFor: () => ({ kind: 'load', ids: [] }),
    find: (who, params) => {
      const { feed, name } = params as { feed: string; name: string };
      return loads.find(who, `${feed}/${name}`);
    },
    addressOf: ({ load }) => loadAddress(load),
    present: (file, who) => presentFile(file, { words, who }),
    keep: (who, { load }, decision) => loads.keep(who, { load, ...decision }),
    propose: (who, { load }, reason) => loads.propose(who, { load, reason }),
    refuse: (who, { load }, reason) => loads.refuse(who, { load, reason }),
    confirm: (who, { load }) => loads.confirm(who, load),
  });
}
