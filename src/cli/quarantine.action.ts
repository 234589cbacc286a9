// headwater quarantine: lists rejected rows by reason, exports them, tries them again after a mend. What was written in them is
// shown and exported only to a person who says who they are and why.

import { exportQuarantine, getFeed, listQuarantine, presentQuarantine, retryQuarantine, withoutValues, type QuarantineCount } from '../ingest/index.ts';
import { recordAuditEvent, type Home } from '../store/index.ts';
import { addLoads, checkAsking, findAsking, findAudited, noteLook, type Asking } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';

interface Options {
  home?: string;
  json?: boolean;
  by?: string;
  purpose?: string;
}

/** The home, once it is sure that the feed exists: a mistyped name must not look like an empty quarantine. */
function homeWithFeed(context: CliContext, options: Options, feed: string | undefined): Home {
  const home = homeOf(context, options);
  if (feed !== undefined) getFeed(home.packs, feed);
  return home;
}

/** The counts, in the audit before they are shown: with the values to whoever says who they are and why, else without. */
async function countAudited(context: CliContext, feed: string | undefined, options: Options): Promise<{ counts: QuarantineCount[]; whole: boolean }> {
  const home = homeWithFeed(context, options, feed);
  const asking = findAsking(home, options);
  const of = feed === undefined ? {} : { subjectKind: 'feed', subjectIds: [feed] };
  if (asking) return { counts: await findAudited(context, home, asking, { action: 'quarantine.view', find: () => listQuarantine(home, feed), subjects: () => of }), whole: true };
  const counts = withoutValues(await listQuarantine(home, feed));
  noteLook(context, home, { action: 'quarantine.count', ...of });
  return { counts, whole: false };
}

/** The rows of a feed in a file, in the audit before any is written. */
async function exportAudited(context: CliContext, home: Home, { feed, file, asking }: { feed: string; file: string; asking: Asking }): ReturnType<typeof exportQuarantine> {
  const casework = await context.openStore(home);
  try {
    return await exportQuarantine(home, feed, file, () => recordAuditEvent(casework.db, context.clock, { actorId: asking.by, action: 'quarantine.export', outcome: 'done', subjectKind: 'feed', subjectIds: [feed], purpose: asking.purpose }));
  } finally {
    await casework.close();
  }
}

export async function list(context: CliContext, feed: string | undefined, options: Options): Promise<void> {
  const { counts, whole } = await countAudited(context, feed, options);
  print(context, options.json, counts, () =>
    counts.length === 0 ? ['Nothing is in quarantine.'] : [...presentQuarantine(counts), ...(whole ? [] : ['To see what was written there, and what may have been meant, say who you are and why: --by NAME --purpose information-governance'])],
  );
}

export async function toFile(context: CliContext, feed: string, file: string, options: Options & Asking): Promise<void> {
  const home = homeWithFeed(context, options, feed);
  const result = await exportAudited(context, home, { feed, file, asking: checkAsking(home, options) });
  print(context, options.json, result, () => [`Wrote ${result.rows.toLocaleString('en-GB')} rows to ${file}. It holds personal data: keep it as safe as the files it came from.`]);
}

export async function retry(context: CliContext, feed: string | undefined, options: Options): Promise<void> {
  const home = homeWithFeed(context, options, feed);
  const result = await addLoads(context, home, { action: 'quarantine.retry', by: options.by }, (onLoad) => retryQuarantine(home, feed, { clock: context.clock, onLoad }));
  print(context, options.json, result, () => [`${result.accepted.toLocaleString('en-GB')} rows are accepted now; ${result.quarantined.toLocaleString('en-GB')} stay in quarantine.`]);
}
