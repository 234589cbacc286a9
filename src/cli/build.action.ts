// headwater build: makes a complete new snapshot from all loads and serves it.

import { buildSnapshot, type BuildResult } from '../build/index.ts';
import { withWaitingRow, type Home, type Manifest } from '../store/index.ts';
import { classificationFor, derivedTables } from '../understand/index.ts';
import { actorOf } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';

/** Builds with the questions' own classification and derived tables; a new snapshot leaves its row in the audit. */
export function buildHome(context: CliContext, home: Home, options: { force?: boolean; by?: string | undefined } = {}): Promise<BuildResult> {
  return withWaitingRow(home, context.clock, { actorId: actorOf(context, options), action: 'snapshot.build' }, async (tell) => {
    const built = await buildSnapshot(home, {
      clock: context.clock,
      progress: context.progress,
      classification: classificationFor(home.packs),
      derived: derivedTables,
      force: options.force ?? false,
    });
    if (!built.reused) tell({ subjectKind: 'snapshot', subjectIds: [built.manifest.id] });
    return built;
  });
}

/** How good the links are, where the truth is known. */
export function linkageLine({ linkage }: Manifest): string {
  if (Number(linkage.records) === 0) return 'No loaded feed names people, so there was nothing to link';
  const pairs = linkage.pairs as { f1: number; precision: number; recall: number } | undefined;
  const found = `${Number(linkage.records).toLocaleString('en-GB')} records are ${Number(linkage.people).toLocaleString('en-GB')} people`;
  return pairs ? `${found} (pairs F1 ${pairs.f1.toFixed(3)}, precision ${pairs.precision.toFixed(3)}, recall ${pairs.recall.toFixed(3)} against the planted truth)` : found;
}

/** Which threshold was used where the settings ask for one, and what linkage found amiss, such as a comparison that nothing trained. */
export const linkageNotes = ({ linkage }: Manifest): string[] => [
  ...(typeof linkage.thresholdWords === 'string' ? [linkage.thresholdWords] : []),
  ...((linkage.warnings ?? []) as string[]).map((warning) => `Note on linkage: ${warning}.`),
];

export async function build(context: CliContext, options: { home?: string; json?: boolean; force?: boolean; by?: string }): Promise<void> {
  const { manifest, reused } = await buildHome(context, homeOf(context, options), options);
  print(context, options.json, manifest, () => [
    reused ? `Nothing has changed: snapshot ${manifest.id} stands.` : `Built snapshot ${manifest.id} in ${manifest.seconds} s.`,
    `${linkageLine(manifest)}.`,
    ...linkageNotes(manifest),
  ]);
}
