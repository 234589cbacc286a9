// Who may see which page: the one table. What is not in it is refused.

import { roles, type Role } from '../core/index.ts';

export const pages = ['start', 'help', 'demand', 'repeat-demand', 'places', 'data-quality', 'linkage', 'review-links', 'agreements', 'write-agreements', 'sign-agreements', 'my-access', 'cases', 'people', 'seals', 'broken-glass', 'share-records', 'retention', 'subject-access', 'corrections', 're-identify', 'audit'] as const;

export type PageId = (typeof pages)[number];

/** What the pages are called where they are listed. */
export const pageTitles: Record<PageId, string> = {
  start: 'Start',
  help: 'Help',
  demand: 'Demand',
  'repeat-demand': 'Repeat demand',
  places: 'Places',
  'data-quality': 'Data quality',
  linkage: 'Linkage',
  'review-links': 'Review links',
  agreements: 'Agreements',
  'write-agreements': 'Write agreements',
  'sign-agreements': 'Sign agreements',
  'my-access': 'What you may see',
  cases: 'Cases',
  people: 'People',
  seals: 'Sealed records',
  'broken-glass': 'Break-glass access',
  'share-records': 'Decisions to share',
  retention: 'Retention',
  'subject-access': 'Subject access',
  corrections: 'Corrections',
  're-identify': 'Re-identify a person',
  audit: 'Audit',
};

/** An agreement itself is for its parties, and for those who write agreements: its page sees to that. */
const everyone = ['start', 'help', 'agreements', 'my-access'] as const;
const understand = ['demand', 'repeat-demand', 'places', 'data-quality', 'linkage'] as const;
/** Pages that show names: for those whose work is with people, never for those who work on the pseudonymised picture alone. */
const identified = ['review-links'] as const;

export const permissions = {
  analyst: [...everyone, ...understand],
  referrer: [...everyone, 'cases', 'people', 'share-records', 're-identify'],
  'hub-coordinator': [...everyone, ...understand, ...identified, 'cases', 'people', 'share-records', 're-identify'],
  'lead-practitioner': [...everyone, ...identified, 'cases', 'people', 'share-records', 're-identify'],
  commissioner: [...everyone, ...understand],
  'governance-lead': [...everyone, ...understand, ...identified, 'people', 'write-agreements', 'seals', 'broken-glass', 'share-records', 'retention', 'subject-access', 'corrections', 're-identify', 'audit'],
  'board-member': [...everyone, ...understand],
  'panel-member': [...everyone, 'data-quality', 'linkage'],
  signatory: [...everyone, 'sign-agreements'],
} as const satisfies Record<Role, readonly PageId[]>;

/** To whom a page is not theirs, it looks like no page at all: its addresses name people, or cases. */
export const hiddenPages: readonly PageId[] = ['subject-access', 'cases', 'people', 'retention', 'corrections'];

/** False for any role or page that the table does not name. */
export function maySee(role: string, page: string): boolean {
  const known = roles.find((item) => item === role);
  return known !== undefined && (permissions[known] as readonly string[]).includes(page);
}
