// What our hooks hang on each request and route, declared for the compiler.

import type { Session } from '../core/index.ts';
import type { Seen } from './gate/gate.ts';
import type { PageId } from './permission.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null where nobody is. */
    session: Session | null;
    /** The page that this request asked for and was let into. */
    page: PageId | null;
    /** What agreements let this reader see of the page's data; null on pages that need none. */
    seen: Seen | null;
  }

  interface FastifyContextConfig {
    /** `public`: no sign-in needed. Every other route names its page through requirePage. */
    access?: 'public';
    /** `none` only where another proof takes its place, as in the identity provider's own protocol. */
    csrf?: 'none';
  }
}
