// What was written about a person elsewhere than in cases, as parts of the answer to them. Of a pair of records only the person's own is told of, and of
// an asking for many people nothing of how many. Pure.

import { nameOfRow } from './accepted-correction.ts';
import type { RecordFeed } from './person-record.ts';
import type { PackFact, PackPart } from './subject-access-pack.ts';

export interface HeldWords {
  /** Ids of the person's records and their keys of today. */
  records: readonly string[];
  keys: readonly string[];
  pairs: readonly { link_decision_id: number; left_source_id: string; right_source_id: string; decision: string; reason: string | null; decided_at: Date }[];
  undos: readonly { person_undo_id: number; act: string; kind: string; old_key: string; new_key: string; reason: string; decided_at: Date }[];
  askings: readonly { reidentification_id: string; agency: string; role: string; purpose: string; ground: string; person_keys: readonly string[]; done_at: Date }[];
  reports: readonly { correction_id: string; holder: string; feed: string; row_key: string; column_name: string; wrong_value: string; right_value: string | null; evidence: string; asked_by: string; reported_at: Date; outcome: string | null; reason: string | null }[];
  /** Who a record or a key of somebody else means now, where anybody. */
  otherOf: ReadonlyMap<string, string>;
}

/** A reason for more people names none of them, and their names would be found everywhere. */
const mostAsked = 20;

/** Records and keys in these words that are not the person's. */
export function othersInWords({ records, keys, pairs, undos, askings }: Omit<HeldWords, 'otherOf'>): { records: string[]; keys: string[] } {
  const [own, meant] = [new Set(records), new Set(keys)];
  return {
    records: [...new Set(pairs.flatMap(({ left_source_id: left, right_source_id: right }) => [left, right]).filter((id) => !own.has(id)))],
    keys: [...new Set([...undos.flatMap(({ old_key: before, new_key: after }) => [before, after]), ...askings.flatMap(({ person_keys: asked }) => (asked.length > mostAsked ? [] : asked))].filter((key) => !meant.has(key)))],
  };
}

const code = (name: string, value: string): PackFact => ({ name, label: '', value });
const words = (name: string, label: string, value: string, shut = false): PackFact => (shut ? { name, label, value: '', closed: true } : { name, label, value, text: true });

export function wordParts({ pairs, undos, askings, reports, otherOf, records }: HeldWords, { feeds, isSealed, shutRows }: { feeds: readonly RecordFeed[]; isSealed: (personKey: string) => boolean; /** Rows that are about somebody sealed too. */ shutRows: ReadonlySet<string> }): PackPart[] {
  const own = new Set(records);
  const isShut = (...ids: string[]) => ids.some((id) => otherOf.has(id) && isSealed(otherOf.get(id)!));
  const agencyOf = (id: string) => id.slice(0, id.indexOf(':'));
  return [
    ...pairs.map((each): PackPart => ({
      part: `link:pair-${each.link_decision_id}`, kind: 'link', holder: agencyOf(own.has(each.left_source_id) ? each.left_source_id : each.right_source_id), date: each.decided_at.toISOString(), code: 'pair',
      facts: [code('link_decision', each.decision), ...(each.reason === null ? [] : [words('reason', 'Why', each.reason, isShut(each.left_source_id, each.right_source_id))])],
    })),
    ...undos.map((each): PackPart => ({ part: `link:undo-${each.person_undo_id}`, kind: 'link', holder: null, date: each.decided_at.toISOString(), code: `${each.act}-${each.kind}`, facts: [words('reason', 'Why', each.reason, isShut(each.old_key, each.new_key))] })),
    ...askings.map((each): PackPart => ({ part: `asked:${each.reidentification_id}`, kind: 'asked', holder: each.agency, date: each.done_at.toISOString(), code: each.role, facts: [code('purpose', each.purpose), words('ground', 'Why', each.ground)] })),
    ...reports.map((each): PackPart => {
      const feed = feeds.find(({ feed: name }) => name === each.feed);
      const column = feed?.columns.find(({ name }) => name === each.column_name);
      const row = nameOfRow({ feed: each.feed, rowKey: each.row_key });
      const shut = shutRows.has(row);
      const said = (name: string, label: string, value: string): PackFact => ({ ...words(name, label, value, shut), ...(column ? { column } : {}) });
      return {
        part: `correction:${each.correction_id}`, kind: 'correction', group: `feed:${each.feed}`, row, ...(feed ? { feed } : {}), holder: each.holder, date: each.reported_at.toISOString(), shared: 'unsure',
        facts: [
          said('wrong', `What the record says: ${column?.label ?? each.column_name}`, each.wrong_value), ...(each.right_value === null ? [{ name: 'right', label: 'What was said to be right', value: 'It is not so' }] : [said('right', 'What was said to be right', each.right_value)]),
          words('evidence', 'How that was known', each.evidence, shut), code('asked_by', each.asked_by), code('correction_outcome', each.outcome ?? 'waits'), ...(each.reason === null ? [] : [words('decision_reason', 'Why it was decided so', each.reason, shut)]),
        ],
      };
    }),
  ];
}
