// The page in place of one that a reader may not see now: why, in plain words, what they can do, and whom to ask. It says nothing of what there is.

import { refusalWords, nameAgreement, asSentence, type RefusalContext } from './refusal-words.ts';
import type { HttpProblem } from '../problem/http-problem.ts';
import type { Refused } from './sight.ts';

export interface DarkOptions {
  contact: { name: string; email?: string } | undefined;
  returnTo: string;
}

export function presentDark(refused: Refused, context: RefusalContext, { contact, returnTo }: DarkOptions): HttpProblem {
  const { sight } = context;
  const named = nameAgreement(context, refused.clause);
  const others = sight.purposes.filter((purpose) => purpose !== sight.stated);
  const whom = contact ? `${contact.name}${contact.email ? ` (${contact.email})` : ''}` : 'the person who runs the service';
  return {
    status: 403,
    title: 'You cannot see this now',
    reason: refused.reason,
    detail: [
      `Data are shared here only under an agreement, for a purpose that it names. ${asSentence(refusalWords(refused, context))}`,
      `If your work needs it, ask your agency’s information governance lead, or ${whom}.`,
    ],
    links: [
      ...(sight.purposes.length === 0 && sight.stated !== null ? [{ text: 'See published data alone', href: purposeAddress(returnTo) }] : []),
      ...(others.length > 0 ? [{ text: sight.stated === null ? 'State what you are doing' : 'State another purpose', href: purposeAddress(returnTo) }] : []),
      ...(named ? [{ text: `Read the agreement “${named.title}”`, href: named.href }] : []),
    ],
  };
}

export const purposeAddress = (returnTo: string): string => (returnTo === '/' ? '/purpose' : `/purpose?return-to=${encodeURIComponent(returnTo)}`);
