// The ways into the audit, as each of its pages offers them.

const ways = [
  { way: 'all', text: 'Everything', href: '/govern/audit' },
  { way: 'person', text: 'Who saw a person', href: '/govern/audit/person' },
  { way: 'user', text: 'What a user did', href: '/govern/audit/user' },
  { way: 'unusual', text: 'What looks unusual', href: '/govern/audit/unusual' },
] as const;

export const auditWays = (here: (typeof ways)[number]['way']) => ways.map(({ way, text, href }) => ({ text, href, active: way === here }));
