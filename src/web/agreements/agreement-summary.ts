// What an agreement says, as sections of labelled lines: for reading it, for checking answers before it is saved, and for finding what a new
// version changes. The same words serve all three.

import type { AgreementContent, DraftClause, DraftContent } from '../../govern/index.ts';
import { presentDate } from '../frame/date-words.ts';
import { createNaming, formWords, onwardUseWords, partyRoleWords, relationWords, type AgreementVocabulary } from './agreement-vocabulary.ts';
import { draftSteps } from './draft-steps.ts';

export interface SummaryRow {
  label: string;
  /** None where it is not answered yet. */
  lines: string[];
  /** The address of the question, under that of the draft. */
  step: string;
  /** Where in the content the answer lies, as findings name it. */
  path: (string | number)[];
}

export interface SummarySection {
  id: string;
  title: string;
  rows: SummaryRow[];
}

const kept = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

export function clauseRows(clause: DraftClause, place: number, vocabulary: AgreementVocabulary): SummaryRow[] {
  const naming = createNaming(vocabulary);
  const at = `clauses/${clause.key}`;
  const row = (label: string, step: string, part: string, lines: string[]): SummaryRow => ({ label, lines, step: `${at}/${step}`, path: ['clauses', place, part] });
  return [
    row('Purpose', 'purpose', 'purpose', clause.purpose ? [naming.purpose(clause.purpose)] : []),
    row('Whose data', 'from', 'from', clause.from.map(naming.agency)),
    row('Form', 'form', 'form', clause.form ? [formWords[clause.form]] : []),
    row('Items', 'items', 'items', clause.items.map((item) => naming.item(item, clause.form))),
    row('Who may see them', 'to', 'to', clause.to.map(naming.recipient)),
    ...(clause.form === 'identified' ? [row('How close they must stand', 'relation', 'relation', clause.relation ? [relationWords[clause.relation]] : [])] : []),
    row('Legal powers', 'powers', 'powers', clause.powers.map(naming.power)),
    row('Why less would not do', 'necessity', 'necessity', kept(clause.necessity)),
  ];
}

const stepRow = (id: string, label: string, lines: string[], path = [id]): SummaryRow => ({ label, lines, step: id, path });
const taskOf = (id: string) => draftSteps.find((step) => step.id === id)!.task;

export function presentContent(content: DraftContent, vocabulary: AgreementVocabulary): SummarySection[] {
  const naming = createNaming(vocabulary);
  const dates = [['startsOn', 'First day'], ['reviewOn', 'Review day'], ['endsOn', 'Last day']] as const;
  return [
    { id: 'about', title: 'What it is for', rows: [stepRow('title', 'Title', kept(content.title)), stepRow('aims', 'Aims', kept(content.aims)), stepRow('benefits', 'Benefits', kept(content.benefits))] },
    {
      id: 'parties',
      title: 'Parties',
      rows: content.parties.length === 0
        ? [stepRow('parties', 'Parties', [])]
        : content.parties.map(({ agency, role, contact }, place) => ({ label: naming.agency(agency), lines: [partyRoleWords[role], `Ask: ${contact}`], step: `parties/${agency}`, path: ['parties', place] })),
    },
    ...content.clauses.map((clause, place) => ({ id: clause.key, title: `Clause ${place + 1}`, rows: clauseRows(clause, place, vocabulary) })),
    {
      id: 'rules',
      title: 'Rules for all clauses',
      rows: [
        stepRow('onward-use', taskOf('onward-use'), content.onwardUse ? [onwardUseWords[content.onwardUse]] : [], ['onwardUse']),
        stepRow('retention', taskOf('retention'), content.retention ? [naming.retention(content.retention)] : []),
        ...(['quality', 'rights', 'security', 'breach'] as const).map((id) => stepRow(id, taskOf(id), kept(content[id]))),
      ],
    },
    { id: 'dates', title: 'Dates', rows: dates.map(([part, label]) => stepRow('dates', label, content[part] ? [presentDate(content[part])] : [], [part])) },
  ];
}

export interface Difference {
  where: string;
  before: string[];
  after: string[];
}

/** What the second version says otherwise than the first, in the order of reading. Clauses are told apart by their place. */
export function listDifferences(before: AgreementContent, after: AgreementContent, vocabulary: AgreementVocabulary): Difference[] {
  const [old, now] = [before, after].map((content) => rowsByName(content, vocabulary)) as [Map<string, string[]>, Map<string, string[]>];
  const names = [...new Set([...now.keys(), ...old.keys()])];
  return names.map((where) => ({ where, before: old.get(where) ?? [], after: now.get(where) ?? [] })).filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
}

function rowsByName(content: AgreementContent, vocabulary: AgreementVocabulary): Map<string, string[]> {
  const clauses = content.clauses.map((clause, place) => ({ ...clause, key: `c${place + 1}` }));
  return new Map(presentContent({ ...content, clauses }, vocabulary).flatMap(({ title, rows }) => rows.map(({ label, lines }) => [`${title}: ${label}`, lines] as const)));
}
