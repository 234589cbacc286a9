// Where a person goes after signing in: only ever a path of this service, whatever the address said.

const nowhere = 'http://headwater.invalid';
const fallback = '/';

/** A local path with its query; "/" for anything that leads, or might be read as leading, elsewhere. */
export function safeReturnTo(value: unknown): string {
  if (typeof value !== 'string' || value.length > 2000) return fallback;
  if (!value.startsWith('/') || /^\/[/\\]/.test(value) || /[\\\p{Cc}]/u.test(value)) return fallback;
  let url: URL;
  try {
    url = new URL(value, nowhere);
  } catch {
    return fallback;
  }
  if (url.origin !== nowhere || url.pathname.startsWith('//')) return fallback;
  if (/^\/(sign-in|sign-out|signed-out|sample-identity|assets|health)(\/|$)/.test(url.pathname)) return fallback;
  return url.pathname + url.search;
}
