import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { fixedClock } from '../core/index.ts';
import { homeAt, openCasework, type Casework, type Home } from '../store/index.ts';
import { readReviewFile, writeReviewFile } from './link-decision-file.ts';
import { openLinkReviewService, type LinkReviewService } from './link-review-service.ts';

const clock = fixedClock('2026-11-24T09:00:00Z');

describeStores('the review of links', (stores) => {
  let home: Home;
  let casework: Casework;
  let review: LinkReviewService;
  const decide = (decidedBy: string, decision: 'same' | 'different' | 'unsure', reopen = false) => review.decide({ left: 'a:1', right: 'b:1', decision, decidedBy }, reopen);

  beforeAll(async () => {
    home = homeAt(mkdtempSync(join(tmpdir(), 'headwater-review-')), { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads: 1 });
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
    review = await openLinkReviewService(home, casework);
  });
  afterAll(async () => {
    await review.close();
    await casework.close();
    rmSync(home.dir, { recursive: true, force: true });
  });

  it('writes what is settled where a build reads it, and not before two people agree', async () => {
    await decide('u1', 'same');
    expect(readReviewFile(home)).toEqual({ decisions: [], open: [{ left: 'a:1', right: 'b:1' }] });
    expect(await decide('u1', 'same')).toBeUndefined();
    await decide('u2', 'same');
    expect(readReviewFile(home).decisions).toEqual([{ left: 'a:1', right: 'b:1', same: true }]);
  });

  it('keeps the settled answer while it is looked at again, then replaces it', async () => {
    await decide('u3', 'different', true);
    expect(readReviewFile(home).decisions).toEqual([{ left: 'a:1', right: 'b:1', same: true }]);
    await decide('u4', 'different');
    expect(readReviewFile(home).decisions).toEqual([{ left: 'a:1', right: 'b:1', same: false }]);
    expect(await review.decisions()).toHaveLength(4);
  });

  it('writes the file anew from the store when it is opened', async () => {
    writeReviewFile(home, { decisions: [], open: [] });
    const again = await openLinkReviewService(home, casework);
    await again.close();
    expect(readReviewFile(home).decisions).toEqual([{ left: 'a:1', right: 'b:1', same: false }]);
  });

  it('says that there is no snapshot before the first build', async () => {
    await expect(review.pairs.queue()).rejects.toThrow(/There is no snapshot yet/);
  });
});
