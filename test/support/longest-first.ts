// The order in which test files start: the long ones first, so that none runs alone at the end while the other worker has nothing to do.
// The times of earlier runs decide where there are any; the list is for the first run of a checkout.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first, about. */
const longest = [
  'test/people-command', 'test/build', 'test/command-line', 'src/web/attack-input', 'test/backup', 'test/journeys/person-record.journey', 'test/start',
  'src/web/understand/understand-browser', 'src/understand/disclosure-attack', 'src/linkage/dedupe-bad-input', 'test/journeys/understand.journey',
  'test/journeys/person-events.journey', 'test/journeys/agreement.journey', 'src/linkage/person-keys', 'test/journeys/link-review.journey',
  'test/journeys/sign-in.journey', 'test/readme', 'test/journeys/subject-access.journey', 'test/extract', 'src/store/audit-chain.store',
  'test/journeys/retention.journey', 'test/match-command', 'test/journeys/correction.journey', 'src/store/jobs', 'test/encryption',
  'src/web/rights/subject-access-pages', 'src/linkage/link-by-settings', 'src/linkage/explain-tables', 'src/web/cases/case-pages',
  'src/linkage/compare-pairs.sql', 'src/simulate/county-figures', 'src/linkage/find-matches', 'src/ingest/read-alike', 'src/ingest/ingest-files',
  'src/linkage/link-decisions', 'src/govern/retention.store', 'src/web/corrections/correction-pages', 'src/web/people/person-pages',
  'src/web/audit/audit-study-pages', 'src/linkage/link-records', 'src/ingest/gzip-bomb', 'test/journeys/share-record.journey', 'src/store/casework-pglite',
  'src/linkage/link-further', 'src/linkage/linkage-reference', 'src/ingest/interrupted-load', 'test/journeys/purpose.journey',
  'src/govern/subject-access.store', 'src/govern/retention-killed', 'test/seen-feeds', 'test/person-keys-build', 'src/linkage/dedupe-files',
  'src/govern/governed-world', 'src/ingest/bedfordshire', 'src/web/gate/gate', 'src/ingest/standardise.store', 'src/linkage/false-match-estimate',
  'test/journeys/re-identify.journey', 'src/simulate/simulate', 'src/store/postgres',
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
