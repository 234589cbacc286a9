// What those who look after information do about sealed records and broken glass, bound to one store: the database refuses whoever is no
// information governance lead.

import type { Clock } from '../core/index.ts';
import type { Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { countUnreviewed, listBrokenGlass, listUnreviewed, reviewGlass, type BrokenGlass, type GlassReview, type ListedGlass } from './break-glass.store.ts';
import { addKeeper, liftSeal, listSeals, sealSubject, type Seal } from './seal.store.ts';

export interface Protection {
  listGlass(reader: Reader, limit: number): Promise<ListedGlass[]>;
  /** All that wait for a review, oldest first. */
  listUnreviewed(reader: Reader): Promise<BrokenGlass[]>;
  /** How many wait for this reader's review. */
  countUnreviewed(reader: Reader): Promise<number>;
  review(reader: Reader, review: GlassReview & { brokenGlassId: string }): Promise<{ ok: boolean }>;
  listSeals(reader: Reader): Promise<Seal[]>;
  seal(reader: Reader, seal: Pick<Seal, 'personKey' | 'ground' | 'whomToRing'> & { keepers: readonly [string, ...string[]] }): Promise<{ ok: boolean }>;
  addKeeper(reader: Reader, keeper: { sealedSubjectId: string; userId: string }): Promise<{ ok: boolean }>;
  lift(reader: Reader, lifting: { sealedSubjectId: string; reason: string }): Promise<{ ok: boolean }>;
}

export function openProtection(db: Casework['db'], clock: Clock): Protection {
  return {
    listGlass: (reader, limit) => listBrokenGlass(db, clock, reader, limit),
    listUnreviewed: (reader) => listUnreviewed(db, clock, reader),
    countUnreviewed: (reader) => countUnreviewed(db, clock, reader),
    review: (reader, review) => reviewGlass(db, clock, { reader, ...review }),
    listSeals: (reader) => listSeals(db, clock, reader),
    seal: (reader, seal) => sealSubject(db, clock, { reader, ...seal }),
    addKeeper: (reader, keeper) => addKeeper(db, clock, { reader, ...keeper }),
    lift: (reader, lifting) => liftSeal(db, clock, { reader, ...lifting }),
  };
}
