// The pages and the API: server-rendered, signed in, by role; the frame, the permission table and the questions in it.
export { createWebServer } from './create-web-server.ts';
export type { FeedNote, Limits, OpenIdIdentity, SampleIdentity, WebOptions } from './web-options.ts';
export { defaultLimits } from './web-options.ts';
export { samplePassword, sampleUsers, type SampleUser } from './sample-identity/sample-user.ts';
export { maySee, pages, permissions, type PageId } from './permission.ts';
export { readSharing, type Sharing } from './gate/sharing.ts';
export { readWebSettings, type WebSettings } from './web-settings.ts';
