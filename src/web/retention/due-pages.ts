// The lists of what is due, a hundred at a time. Each has a page of its own in the address (?cases=2&files=1), so that turning one leaves the others where they are.

export const onPage = 100;
const lists = ['cases', 'files', 'records'] as const;
type DueList = (typeof lists)[number];
export type DuePages = Record<DueList, number>;

export interface DuePage<T> {
  shown: T[];
  /** "101 to 200 of 345"; null where all are shown. */
  says: string | null;
  previousHref: string | null;
  nextHref: string | null;
}

/** What is no page is the first. */
export function readDuePages(query: unknown): DuePages {
  const asked = query as Record<string, unknown>;
  const numberOf = (text: unknown): number => (typeof text === 'string' && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1);
  return { cases: numberOf(asked.cases), files: numberOf(asked.files), records: numberOf(asked.records) };
}

/** The page of one list; the last one where the address asks for more. `home`: where the lists are. */
export function takePage<T>(all: readonly T[], { list, pages, home }: { list: DueList; pages: DuePages; home: string }): DuePage<T> {
  const page = Math.min(pages[list], Math.max(1, Math.ceil(all.length / onPage)));
  const from = (page - 1) * onPage;
  const shown = all.slice(from, from + onPage);
  const href = (to: number): string => {
    const kept = lists.flatMap((each) => {
      const at = each === list ? to : pages[each];
      return at === 1 ? [] : [`${each}=${at}`];
    });
    return `${home}${kept.length > 0 ? `?${kept.join('&')}` : ''}#due-${list}`;
  };
  return {
    shown, says: all.length > onPage ? `${from + 1} to ${from + shown.length} of ${all.length}` : null,
    previousHref: page > 1 ? href(page - 1) : null, nextHref: from + shown.length < all.length ? href(page + 1) : null,
  };
}
