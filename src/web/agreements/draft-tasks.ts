// The list of tasks of an agreement in writing: each question or clause, whether it is answered, and whether the check finds fault with it.

import type { DraftContent, Finding } from '../../govern/index.ts';
import type { AgreementVocabulary } from './agreement-vocabulary.ts';
import { createNaming } from './agreement-vocabulary.ts';
import { findOpenStep } from './clause-steps.ts';
import { listOpenParts, presentChecked } from './draft-check.ts';
import { draftSteps } from './draft-steps.ts';

export interface Task {
  title: string;
  href: string;
  hint?: string;
  state: 'done' | 'open' | 'begun' | 'fault';
}

const groups = [
  { title: 'What it is for', steps: ['title', 'aims', 'benefits'] },
  { title: 'Rules for all clauses', steps: ['onward-use', 'retention', 'quality', 'rights', 'security', 'breach'] },
  { title: 'Dates', steps: ['dates'] },
];

export function presentTasks(content: DraftContent, findings: readonly Finding[], given: { vocabulary: AgreementVocabulary; address: string }) {
  const { vocabulary, address } = given;
  const { agency, purpose } = createNaming(vocabulary);
  const open = new Set(listOpenParts(content).map(({ step }) => step));
  const rows = presentChecked(content, findings.filter(({ level }) => level === 'fault'), vocabulary).flatMap((section) => section.rows);
  const faulty = (step: string) => rows.some((row) => row.findings.length > 0 && (row.step === step || row.step.startsWith(`${step}/`)));
  const task = (step: string, title: string, state: Task['state'], hint?: string): Task => ({ title, href: `${address}/${step}`, state: state === 'done' && faulty(step) ? 'fault' : state, ...(hint ? { hint } : {}) });
  const stepTasks = (ids: string[]) => draftSteps.filter(({ id }) => ids.includes(id)).map(({ id, task: title }) => task(id, title, open.has(id) ? 'open' : 'done'));
  const clauses = content.clauses.map((clause, place) => {
    const name = clause.purpose ? `${purpose(clause.purpose)}: data of ${clause.from.map(agency).join(', ') || 'nobody yet'}` : undefined;
    return task(`clauses/${clause.key}`, `Clause ${place + 1}`, findOpenStep(clause) ? 'begun' : 'done', name);
  });
  const partyState = content.parties.length === 0 ? 'open' : content.parties.length < 2 ? 'begun' : 'done';
  const [about, rules, dates] = groups.map(({ title, steps }) => ({ title, tasks: stepTasks(steps) })) as [TaskGroup, TaskGroup, TaskGroup];
  return [
    about,
    { title: 'Who shares', tasks: [task('parties', 'Parties', partyState, content.parties.map((party) => agency(party.agency)).join(', '))] },
    { title: 'What is shared', tasks: [...clauses, ...(content.clauses.length === 0 ? [task('clauses', 'Clauses', 'open')] : [])], add: `${address}/clauses` },
    rules,
    dates,
  ];
}

interface TaskGroup {
  title: string;
  tasks: Task[];
}
