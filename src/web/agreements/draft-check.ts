// What a draft still lacks, and what the check finds wrong with it, each beside the question that mends it.

import type { DraftContent, Finding } from '../../govern/index.ts';
import { agreementContentSchema, fromDraft, type AgreementContent } from '../../govern/index.ts';
import { presentContent, type SummaryRow, type SummarySection } from './agreement-summary.ts';
import type { AgreementVocabulary } from './agreement-vocabulary.ts';
import { findOpenStep } from './clause-steps.ts';
import { draftSteps } from './draft-steps.ts';

export interface OpenPart {
  text: string;
  /** Of the question, under the address of the draft. */
  step: string;
}

/** What must be answered before the draft can be saved. */
export function listOpenParts(content: DraftContent): OpenPart[] {
  const answered: Record<string, unknown> = { ...content, 'onward-use': content.onwardUse, dates: content.startsOn && content.reviewOn && content.endsOn };
  const steps = draftSteps.filter(({ id }) => !answered[id]).map(({ id, task }) => ({ text: `Answer: ${task}`, step: id }));
  const parties = content.parties.length < 2 ? [{ text: 'Add at least two parties', step: 'parties' }] : [];
  const clauses = content.clauses.flatMap((clause, place) => {
    const open = findOpenStep(clause);
    return open ? [{ text: `Complete clause ${place + 1}`, step: `clauses/${clause.key}/${open}` }] : [];
  });
  const none = content.clauses.length === 0 ? [{ text: 'Add at least one clause', step: 'clauses' }] : [];
  return [...steps.slice(0, 3), ...parties, ...none, ...clauses, ...steps.slice(3)];
}

/** The whole content; undefined where something is not answered. */
export function findWholeContent(content: DraftContent): AgreementContent | undefined {
  return agreementContentSchema.safeParse(fromDraft(content)).data;
}

const startsWith = (path: Finding['path'], start: Finding['path']) => start.length <= path.length && start.every((part, at) => part === path[at]);

/** The row that a finding is about: the one that it lies in, else the first that lies in it, else the first of all. */
export function findRow(finding: Finding, sections: readonly SummarySection[]): SummaryRow {
  const rows = sections.flatMap((section) => section.rows);
  return rows.find((row) => startsWith(finding.path, row.path)) ?? rows.find((row) => startsWith(row.path, finding.path)) ?? rows.find((row) => row.path[0] === finding.path[0]) ?? rows[0]!;
}

export interface CheckedRow extends SummaryRow {
  id: string;
  findings: Finding[];
}

export interface CheckedSection extends Omit<SummarySection, 'rows'> {
  rows: CheckedRow[];
}

const rowId = (section: string, place: number) => `${section}-${place + 1}`;

/** The sections of a draft with the findings beside the rows that they are about. */
export function presentChecked(content: DraftContent, findings: readonly Finding[], vocabulary: AgreementVocabulary): CheckedSection[] {
  const sections = presentContent(content, vocabulary);
  const homes = findings.map((finding) => [finding, findRow(finding, sections)] as const);
  return sections.map((section) => ({
    ...section,
    rows: section.rows.map((row, place) => ({ ...row, id: rowId(section.id, place), findings: homes.filter(([, home]) => home === row).map(([finding]) => finding) })),
  }));
}
