// What each role comes to Headwater for, and what of it cannot be done here yet: said plainly, so that nobody waits for it.

import type { Role } from '../../core/index.ts';

export interface StartWork {
  /** What they can do here, or will be able to; never as if it were here when it is not. */
  lead: string;
  /** What is not here yet, and what to do until it is. */
  notYet: string[];
}

export const startWork = {
  analyst: {
    lead: 'Ask questions of one picture, joined from every partner’s data',
    notYet: ['Causes, evaluations and the needs assessment are not in Headwater yet.'],
  },
  referrer: {
    lead: 'Referrals for early help will be made here',
    notYet: [
      'You cannot make a referral in Headwater yet. Use your agency’s own way of referring.',
      'If someone is in danger now, call 999.',
    ],
  },
  'hub-coordinator': {
    lead: 'Say who leads each case, and see where demand comes from and how much of it comes back',
    notYet: ['Referrals and triage are not in Headwater yet. Keep using your present queue.'],
  },
  'lead-practitioner': {
    lead: 'Work on your cases, and see what agencies hold about the people in them',
    notYet: ['Reminders of what is due, and the files that belong to a case, are not in Headwater yet. Keep using your agency’s case system for them.'],
  },
  commissioner: {
    lead: 'See what is needed and where, before deciding what to fund',
    notYet: ['Services, contracts and the effect of spending are not in Headwater yet.'],
  },
  'governance-lead': {
    lead: 'Write the agreements that sharing stands on; see what is held and who has seen what',
    notYet: ['Erasing, restricting the use of data and objecting to it, when somebody asks, are not in Headwater yet. Keep using your own records of such requests.'],
  },
  'board-member': {
    lead: 'See what demand is, where it is, and whether the change is real',
    notYet: ['Priorities, measures and the public account are not in Headwater yet.'],
  },
  'panel-member': {
    lead: 'See how complete the data are, and which people they may show wrongly',
    notYet: ['Public pages, sampled reviews and consultations are not in Headwater yet. Ask the partnership for the papers of your panel.'],
  },
  signatory: {
    lead: 'Sign for your agency which data it shares, with whom, for what and until when',
    notYet: ['Erasing, restricting the use of data and objecting to it, when somebody asks, are not in Headwater yet. Keep using your agency’s own records of such requests.'],
  },
} as const satisfies Record<Role, StartWork>;
