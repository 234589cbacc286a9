// Puts a page's view model into the frame: who is signed in, the navigation that they may use, the snapshot, the form token.

import type { LakeReader } from '../core/index.ts';
import { presentFrame } from './frame/frame.ts';
import type { Render } from './frame/templates.ts';
import type { RenderPage } from './page.ts';

function findSnapshot(lake: () => LakeReader): LakeReader['snapshot'] | null {
  try {
    return lake().snapshot;
  } catch {
    return null;
  }
}

export function createRenderPage(options: { render: Render; lake: () => LakeReader; partnership: string; simulated: boolean }): RenderPage {
  return async (reply, template, view) => {
    const { session, page } = reply.request;
    const frame = presentFrame({
      partnership: options.partnership,
      simulated: options.simulated,
      session,
      page,
      snapshot: session ? findSnapshot(options.lake) : null,
      csrfToken: reply.generateCsrf(),
    });
    return reply.type('text/html; charset=utf-8').send(options.render(template, { ...view, frame }));
  };
}
