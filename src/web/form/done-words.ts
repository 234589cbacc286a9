// What has just been done, in words, by the code that stands in the address after a form was sent; null where the code is none of the page's own.

export function createDoneOf(words: Readonly<Record<string, string>>): (query: unknown) => string | null {
  const known = new Map(Object.entries(words));
  return (query) => known.get(String((query as { done?: unknown }).done ?? '')) ?? null;
}
