// The order in which test files start: the long ones first, so that none runs alone at the end while the other worker has nothing to do.
// The times of earlier runs decide where there are any; the list is for the first run of a checkout.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first, about. */
const longest = [
  'test/people-command', 'test/start', 'test/build', 'test/backup', 'test/journeys/agreement.journey', 'src/store/audit-chain.store', 'test/journeys/person-record.journey',
  'test/command-line', 'src/linkage/dedupe-bad-input', 'src/understand/disclosure-attack', 'src/web/attack-input', 'test/journeys/understand.journey',
  'test/journeys/person-events.journey', 'src/web/understand/understand-browser', 'test/journeys/link-review.journey', 'src/linkage/explain-tables', 'src/linkage/find-matches',
  'src/linkage/link-by-settings', 'test/person-keys-build', 'src/linkage/linkage-reference', 'src/linkage/link-further', 'src/linkage/person-keys', 'src/linkage/link-decisions',
  'src/simulate/county-figures', 'src/ingest/bedfordshire', 'src/linkage/dedupe-files', 'test/match-command', 'test/readme', 'src/ingest/bad-input', 'test/journeys/sign-in.journey',
  'src/store/jobs', 'src/ingest/ingest-files', 'src/store/casework-pglite', 'test/journeys/share-record.journey', 'test/extract', 'test/encryption', 'src/web/audit/audit-study-pages', 'test/journeys/purpose.journey',
].map((name) => `/${name}.test.ts`);

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex((name) => moduleId.endsWith(name));
  return found === -1 ? longest.length : found;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirstRun = files.every((file) => this.ctx.cache.getTestSpecificationResult(file) === undefined);
    return isFirstRun ? sorted.toSorted((a, b) => place(a) - place(b)) : sorted;
  }
}
