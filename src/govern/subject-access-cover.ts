// Under which agreements is what is held about a person shared: for what, from whom, to whom, and how long it may be kept. Only of what they are to be
// told of; nothing of agreements that cover nothing of it. Pure.

import type { Agreement, Form } from './agreement.ts';
import { agreementStatus } from './agreement-state.ts';

export interface AccessCover {
  agreementId: string;
  title: string;
  purpose: string;
  form: Form;
  from: readonly string[];
  to: readonly string[];
  /** Code of the retention schedule. */
  retention: string;
}

/** Clauses of agreements in force that cover any of these feeds, or sections of a case, of these agencies; each purpose of an agreement once for each form. */
export function coverOf(agreements: readonly Agreement[], at: number, held: { feeds: ReadonlySet<string>; sections: ReadonlySet<string>; holders: ReadonlySet<string> }): AccessCover[] {
  const covers = new Map<string, AccessCover>();
  for (const agreement of agreements) {
    // As it stood then: what was done to it later changes nothing of it.
    const events = agreement.events.filter((event) => event.at <= at);
    if (events.length === 0) continue;
    const { state, content } = agreementStatus({ ...agreement, events }, at);
    if (state !== 'live') continue;
    for (const { purpose, form, from, to, items } of content.clauses) {
      const holders = from.filter((agency) => held.holders.has(agency));
      if (holders.length === 0 || !items.some((item) => ('feed' in item ? held.feeds.has(item.feed) : held.sections.has(item.section)))) continue;
      const key = `${agreement.agreementId} ${purpose} ${form}`;
      const known = covers.get(key);
      const agencies = to.map(({ agency }) => agency);
      covers.set(key, { agreementId: agreement.agreementId, title: content.title, purpose, form, from: [...new Set([...(known?.from ?? []), ...holders])], to: [...new Set([...(known?.to ?? []), ...agencies])], retention: content.retention });
    }
  }
  return [...covers.values()].toSorted((a, b) => (a.title + a.agreementId + a.purpose + a.form < b.title + b.agreementId + b.purpose + b.form ? -1 : 1));
}
