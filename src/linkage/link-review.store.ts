// Reads pairs of records, with names, for those who may decide about them. The reader holds the identified tables of the review alone.

import { followIdentified, type Home } from '../store/index.ts';
import type { DoubtReason } from './doubtful-clusters.ts';
import type { PairParts } from './explain-words.ts';
import { levelLabelsSql, pairSql, peopleOfRecordsSql, personPairsSql, personRecordsSql, queueSql, recordsSql } from './link-review.sql.ts';

/** One agency's record of a person: what a reviewer sees. */
export interface ReviewRecord {
  sourceId: string;
  agency: string;
  localId: string;
  personKey: string;
  /** By column: text as recorded, or null. */
  values: Record<string, string | null>;
}

export interface QueuedPair {
  pairId: string;
  left: string;
  right: string;
  reason: DoubtReason;
  /** Keys of the people of the two records. */
  people: string[];
}

export interface ReviewPair {
  pairId: string;
  left: ReviewRecord;
  right: ReviewRecord;
  /** Whether the snapshot takes both for one person. */
  onePerson: boolean;
  /** Of the model alone, without rules that forbid a link. */
  weight: number;
  probability: number;
  parts: PairParts;
}

export interface PersonPair {
  pairId: string;
  left: string;
  right: string;
  probability: number;
  conflict: string | null;
}

export interface LinkReviewReader {
  snapshot(): Promise<string>;
  queue(): Promise<QueuedPair[]>;
  findPair(pairId: string): Promise<ReviewPair | undefined>;
  /** Keys of the people to whom records belong, by record; those that are gone are left out. */
  peopleOf(sourceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The records of the person to whom a record belongs, and the pairs among them, the weakest first. */
  personOf(sourceId: string): Promise<{ records: ReviewRecord[]; pairs: PersonPair[] }>;
  close(): Promise<void>;
}

type Row = Record<string, string | number | string[] | null>;

const tables = [
  ...['link_queue', 'link_pair', 'source_record', 'source_person'].map((name) => ({ zone: 'identified' as const, name })),
  { zone: 'pseudonymised' as const, name: 'linkage_level' },
];

const unshown = new Set(['source_id', 'agency', 'local_id', 'person_key']);

const presentValue = (value: Row[string] | undefined): string | null => (Array.isArray(value) ? (value.length > 0 ? value.join(', ') : null) : value === null || value === undefined ? null : String(value));

export function presentRecord(row: Row): ReviewRecord {
  return {
    sourceId: String(row.source_id), agency: String(row.agency), localId: String(row.local_id), personKey: String(row.person_key),
    values: Object.fromEntries(Object.entries(row).filter(([name]) => !unshown.has(name)).map(([name, value]) => [name, presentValue(value)])),
  };
}

interface LevelLabel {
  comparison: string;
  comparison_label: string;
  level: string;
  level_label: string;
}

function partsOf(row: Row, labels: LevelLabel[]): PairParts {
  const comparisons = [...Map.groupBy(labels, ({ comparison }) => comparison)].map(([name, levels]) => ({
    label: levels[0]!.comparison_label,
    level: levels.find(({ level }) => level === row[`level_${name}`])?.level_label ?? null,
    bits: Number(row[`bits_${name}`] ?? 0),
    rarity: typeof row[`rarity_${name}`] === 'number' ? Number(row[`rarity_${name}`]) : null,
  }));
  return { prior: Number(row.bits_prior), names: Number(row.bits_names), relatives: Number(row.bits_relatives), comparisons, conflict: row.conflict === null || row.conflict === undefined ? null : String(row.conflict) };
}

/** Opens the review's reader of a home; a Problem comes at the first question where there is nothing to read. */
export function openLinkReview(home: Home): LinkReviewReader {
  const reader = followIdentified(home, tables);
  let kept: { snapshot: string; queue: QueuedPair[]; labels: LevelLabel[] } | undefined;
  const ofSnapshot = async () => {
    const snapshot = await reader.snapshot();
    if (kept?.snapshot === snapshot) return kept;
    const rows = await reader.rows<{ pair_id: string; left_source_id: string; right_source_id: string; reason: DoubtReason; left_person: string | null; right_person: string | null }>(queueSql);
    const labels = await reader.rows<LevelLabel>(levelLabelsSql);
    kept = { snapshot, labels, queue: rows.map((row) => ({ pairId: row.pair_id, left: row.left_source_id, right: row.right_source_id, reason: row.reason, people: [row.left_person, row.right_person].filter((key) => key !== null) })) };
    return kept;
  };
  return {
    snapshot: () => reader.snapshot(),
    queue: async () => (await ofSnapshot()).queue,
    findPair: async (pairId) => {
      const [row] = await reader.rows<Row>(pairSql, { pair: pairId });
      if (!row) return undefined;
      const records = (await reader.rows<Row>(recordsSql, { ids: [row.left_source_id, row.right_source_id].join('\n') })).map(presentRecord);
      const [left, right] = [row.left_source_id, row.right_source_id].map((id) => records.find(({ sourceId }) => sourceId === id));
      if (!left || !right) return undefined;
      const weight = Number(row.sum_bits);
      return { pairId, left, right, onePerson: row.one_person === 1, weight, probability: 1 / (1 + 2 ** -weight), parts: partsOf(row, (await ofSnapshot()).labels) };
    },
    peopleOf: async (sourceIds) => {
      if (sourceIds.length === 0) return new Map();
      const rows = await reader.rows<{ source_id: string; person_key: string }>(peopleOfRecordsSql, { ids: sourceIds.join('\n') });
      return new Map(rows.map(({ source_id, person_key }) => [source_id, person_key]));
    },
    personOf: async (sourceId) => {
      const records = (await reader.rows<Row>(personRecordsSql, { record: sourceId })).map(presentRecord);
      const rows = await reader.rows<Row>(personPairsSql, { ids: records.map((record) => record.sourceId).join('\n') });
      return { records, pairs: rows.map((row) => ({ pairId: String(row.pair_id), left: String(row.left_source_id), right: String(row.right_source_id), probability: Number(row.probability), conflict: row.conflict === null ? null : String(row.conflict) })) };
    },
    close: () => reader.close(),
  };
}
