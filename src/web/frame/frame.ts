// What the frame around a page shows: who is signed in, the parts of the cycle that work and that they may see, and the snapshot.

import { roleTitles, type LakeReader, type Session } from '../../core/index.ts';
import { maySee, type PageId } from '../permission.ts';
import { presentDate, presentDateTime } from './date-words.ts';

export interface Link {
  text: string;
  /** In its place where a number stands beside it. */
  html?: string;
  href: string;
  active?: boolean;
}

export interface FramePurpose {
  /** Null where none is stated, or what was stated is no longer given. */
  title: string | null;
  /** One was stated, and agreements no longer give it. */
  lapsed: boolean;
  changeHref: string;
}

export interface Frame {
  partnership: string;
  simulated: boolean;
  user: { name: string; agency: string; roleTitle: string } | null;
  /** Null where no agreement gives this reader any. */
  purpose: FramePurpose | null;
  /** The clauses that the page stands on, for its script to ask after them; empty where it stands on none. */
  standsOn: string;
  navigation: Link[];
  /** The name of the current part of the cycle. */
  section: string;
  subNavigation: Link[];
  snapshot: { id: string; shortId: string; builtAt: string; dataTo: string | null } | null;
  csrfToken: string;
  footer: Link[];
}

/** Only what works today. A later part of the cycle takes its place here when its first page does. */
export const understandPages = [
  { page: 'demand', text: 'Demand', href: '/understand/demand' },
  { page: 'repeat-demand', text: 'Repeat demand', href: '/understand/repeat-demand' },
  { page: 'places', text: 'Places', href: '/understand/places' },
  { page: 'data-quality', text: 'Data quality', href: '/understand/data-quality' },
  { page: 'linkage', text: 'Linkage', href: '/linkage' },
] as const satisfies { page: PageId; text: string; href: string }[];

/** Pages of Govern; an agreement's own pages stand under the first. */
export const governPages = [
  { page: 'agreements', text: 'Agreements', href: '/govern/agreements', under: ['write-agreements', 'sign-agreements'] },
  { page: 'my-access', text: 'What you may see', href: '/govern/my-access', under: [] },
  { page: 'broken-glass', text: 'Break-glass access', href: '/govern/broken-glass', under: [] },
  { page: 'seals', text: 'Sealed records', href: '/govern/seals', under: [] },
  { page: 'share-records', text: 'Decisions to share', href: '/govern/share-records', under: [] },
  { page: 'retention', text: 'Retention', href: '/govern/retention', under: [] },
  { page: 'subject-access', text: 'Subject access', href: '/govern/subject-access', under: [] },
  { page: 'corrections', text: 'Corrections', href: '/govern/corrections', under: [] },
  { page: 're-identify', text: 'Re-identify a person', href: '/govern/re-identify', under: [] },
  { page: 'audit', text: 'Audit', href: '/govern/audit', under: [] },
] as const satisfies { page: PageId; text: string; href: string; under: PageId[] }[];

const publicFooter: Link[] = [
  { text: 'Accessibility', href: '/accessibility' },
  { text: 'Cookies', href: '/cookies' },
];

const signedInFooter: Link[] = [
  { text: 'Help', href: '/help' },
  { text: 'Who to ask', href: '/help#who-to-ask' },
  { text: 'Sources', href: '/help/sources' },
  { text: 'Words we use', href: '/help/glossary' },
];

/** A link with how much waits there; the text alone where nothing does. `text` holds no markup. */
function withBadge(text: string, waiting: number): Pick<Link, 'text' | 'html'> {
  if (waiting === 0) return { text };
  const shown = waiting > 99 ? '99+' : String(waiting);
  return { text, html: `${text} <span class="moj-notification-badge"><span aria-hidden="true">${shown}</span><span class="govuk-visually-hidden">(${shown} to be reviewed)</span></span>` };
}

/** A snapshot's name as pages show it: the first of its hash, and which build of the same it is. */
export const shortSnapshotId = (snapshotId: string): string => snapshotId.replace(/^([^-]{8})[^-]*/, '$1');

export function presentSnapshot(snapshot: LakeReader['snapshot']): NonNullable<Frame['snapshot']> {
  return {
    id: snapshot.id,
    shortId: shortSnapshotId(snapshot.id),
    builtAt: presentDateTime(snapshot.builtAt),
    dataTo: snapshot.dataTo === null ? null : presentDate(snapshot.dataTo),
  };
}

export function presentFrame(options: {
  partnership: string;
  simulated: boolean;
  session: Session | null;
  page: PageId | null;
  snapshot: LakeReader['snapshot'] | null;
  purpose: FramePurpose | null;
  standsOn: string;
  /** The page People is there, and agreements give this reader records of named people for some purpose. */
  people: boolean;
  /** The pages of cases are there, and agreements give this reader parts of cases for some purpose. */
  cases: boolean;
  /** Broken glass that waits for this person's review. */
  waiting: number;
  csrfToken: string;
}): Frame {
  const { session, page } = options;
  const role = session?.role ?? '';
  const open = understandPages.filter((item) => maySee(role, item.page));
  const inUnderstand = open.some((item) => item.page === page);
  const govern = governPages.filter((item) => maySee(role, item.page)).map(({ under, ...item }) => ({ ...item, active: item.page === page || (under as readonly PageId[]).some((each) => each === page) }));
  const inGovern = govern.some((item) => item.active);
  return {
    partnership: options.partnership,
    simulated: options.simulated,
    user: session ? { name: session.name, agency: session.agency, roleTitle: roleTitles[session.role] } : null,
    purpose: session ? options.purpose : null,
    standsOn: options.standsOn,
    navigation: session
      ? [
          { text: 'Start', href: '/', active: page === 'start' },
          ...open.slice(0, 1).map((first) => ({ text: 'Understand', href: first.href, active: inUnderstand })),
          ...(maySee(role, 'review-links') ? [{ text: 'Review links', href: '/linkage/review', active: page === 'review-links' }] : []),
          ...(options.cases && maySee(role, 'cases') ? [{ text: 'Cases', href: '/cases', active: page === 'cases' }] : []),
          ...(options.people && maySee(role, 'people') ? [{ text: 'People', href: '/people', active: page === 'people' }] : []),
          ...govern.slice(0, 1).map((first) => ({ ...withBadge('Govern', options.waiting), href: first.href, active: inGovern })),
          { text: 'Help', href: '/help', active: page === 'help' },
        ]
      : [],
    section: inUnderstand ? 'Understand' : inGovern ? 'Govern' : '',
    subNavigation: inUnderstand ? open.map((item) => ({ text: item.text, href: item.href, active: item.page === page })) : inGovern ? govern.map(({ page: each, text, href, active }) => ({ ...withBadge(text, each === 'broken-glass' ? options.waiting : 0), href, active })) : [],
    snapshot: session && options.snapshot ? presentSnapshot(options.snapshot) : null,
    csrfToken: options.csrfToken,
    footer: session ? [...signedInFooter, ...publicFooter] : publicFooter,
  };
}
