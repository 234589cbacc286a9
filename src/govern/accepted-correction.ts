// Which accepted correction is about what a row says? A fact is named by its feed, the row's key, its column and what it wrongly says, so that a correction
// finds it again in every later load and snapshot, under whichever key the person has by then. Pure.

/** A row of a feed, by the key that it keeps in every load and every snapshot. */
export interface FactRow {
  feed: string;
  rowKey: string;
}

/** Two rows are one where these are the same. */
export const nameOfRow = ({ feed, rowKey }: FactRow): string => `${feed} ${rowKey}`;

/** As whoever reads the row may have it. */
export interface AcceptedCorrection extends FactRow {
  correctionId: string;
  column: string;
  wrong: string;
  /** Null: it is not so, and nothing stands in its place. */
  right: string | null;
  decidedAt: number;
}

/** Beside a fact: it is wrong as it stands, or was and its agency has mended it. */
export interface CellCorrection {
  right: string | null;
  decidedAt: number;
  mended: boolean;
}

const plain = (value: string): string => value.normalize('NFC').toLowerCase().split(';').map((part) => part.trim().replaceAll(/\s+/g, ' ')).toSorted().join(';');
/** Capitals, spaces and the order of a list make no other fact. */
export const saysSame = (a: string, b: string): boolean => plain(a) === plain(b);

/** Of the corrections of a row, the one that is about what a column says. The newest counts; one that still holds comes before one that was mended. */
export function correctionOf(accepted: readonly AcceptedCorrection[], column: string, value: string): CellCorrection | undefined {
  const own = accepted.filter((each) => each.column === column).toSorted((a, b) => b.decidedAt - a.decidedAt);
  const held = own.find(({ wrong }) => saysSame(wrong, value));
  if (held) return { right: held.right, decidedAt: held.decidedAt, mended: false };
  const mended = own.find(({ right }) => right !== null && saysSame(right, value));
  return mended && { right: mended.right, decidedAt: mended.decidedAt, mended: true };
}
