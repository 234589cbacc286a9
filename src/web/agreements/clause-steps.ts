// The questions about one clause: what for, whose data, in which form, which items, who may see them, under which powers, and why no less
// would do. Each is a page; which comes next is worked out from what is not answered yet.

import { forms, relations, type DraftClause, type DraftContent } from '../../govern/index.ts';
import { roles, roleTitles } from '../../core/index.ts';
import { createNaming, formWords, powerChoices, relationWords, type AgreementVocabulary } from './agreement-vocabulary.ts';
import type { StepAnswer } from './draft-steps.ts';
import { askGroups, askOne, askSome, askText, type Sent } from '../form/step-form.ts';

export interface ClauseQuestion {
  title: string;
  intro?: string;
  answer: StepAnswer<Partial<DraftClause>>;
}

export interface ClauseGiven {
  clause: DraftClause;
  content: DraftContent;
  vocabulary: AgreementVocabulary;
}

type Ask = (sent: Sent | null, given: ClauseGiven) => ClauseQuestion;

const answer = <T>(fields: StepAnswer<T>['fields'], value: T | undefined): StepAnswer<T> => ({ fields, ...(value === undefined ? {} : { value }) });

const partiesOf = ({ content, vocabulary }: ClauseGiven) => {
  const { agency } = createNaming(vocabulary);
  return content.parties.map((party) => ({ value: party.agency, text: agency(party.agency) }));
};

const askPurpose: Ask = (sent, { clause, vocabulary }) => {
  const title = 'What are these data shared for?';
  const choices = [...vocabulary.purposes].map(([value, purpose]) => ({ value, text: purpose.title, hint: purpose.sentence }));
  const { field, value } = askOne(sent, { name: 'purpose', label: title, choices, missing: 'Choose a purpose', stored: clause.purpose });
  return { title, answer: answer([field], value ? { purpose: value } : undefined) };
};

const askFrom: Ask = (sent, given) => {
  const { clause, vocabulary } = given;
  const title = 'Whose data are these?';
  const { field, value } = askSome(sent, { name: 'from', label: title, hint: 'Choose from the parties. Items of an agency that you take out here leave the clause.', choices: partiesOf(given), missing: 'Choose at least one agency', stored: clause.from });
  const items = clause.items.filter((item) => 'section' in item || value?.includes(vocabulary.feeds.get(item.feed)?.agency ?? ''));
  return { title, answer: answer([field], value && { from: value, items }) };
};

const askForm: Ask = (sent, { clause }) => {
  const title = 'In which form are they shared?';
  const choices = forms.map((value) => ({ value, text: formWords[value], hint: value === 'identified' ? 'For work with people, who must be known by name' : 'Enough wherever the question is about many people' }));
  const { field, value } = askOne(sent, { name: 'form', label: title, choices, missing: 'Choose a form', stored: clause.form });
  return { title, answer: answer([field], value && { form: value, ...(value === 'pseudonymised' ? { relation: 'none' as const } : {}) }) };
};

const caseStart = 'case/';
const caseItem = (section: string) => `${caseStart}${section}`;

const askItems: Ask = (sent, { clause, vocabulary }) => {
  const title = 'Which records?';
  const { agency } = createNaming(vocabulary);
  const feedGroups = clause.from
    .map((code) => ({ label: agency(code), choices: [...vocabulary.feeds.values()].filter((feed) => feed.agency === code).map(({ feed, title: text }) => ({ value: feed, text })) }))
    .filter(({ choices }) => choices.length > 0);
  const sections = [...vocabulary.sections].map(([section, text]) => ({ value: caseItem(section), text }));
  const groups = clause.form === 'identified' && sections.length > 0 ? [...feedGroups, { label: 'Parts of a case', choices: sections }] : feedGroups;
  const hint = feedGroups.length < clause.from.length ? 'Agencies that send no records to Headwater are left out' : undefined;
  const { field, value } = askGroups(sent, { name: 'items', label: title, ...(hint ? { hint } : {}), groups, missing: 'Choose at least one kind of record', stored: clause.items.map((item) => ('feed' in item ? item.feed : caseItem(item.section))) });
  const fresh = clause.form === 'identified' ? [] : ('all' as const);
  const items = value?.map((code) => (code.startsWith(caseStart) ? { section: code.slice(caseStart.length) } : (clause.items.find((item) => 'feed' in item && item.feed === code) ?? { feed: code, fields: fresh })));
  return { title, answer: answer([field], items && { items }) };
};

const askTo: Ask = (sent, given) => {
  const { clause } = given;
  const title = 'Who may see them?';
  const { field, value } = askSome(sent, { name: 'to', label: title, hint: 'Choose from the parties. Their roles come next.', choices: partiesOf(given), missing: 'Choose at least one agency', stored: clause.to.map(({ agency }) => agency) });
  return { title, answer: answer([field], value && { to: value.map((agency) => clause.to.find((each) => each.agency === agency) ?? { agency, roles: [] }) }) };
};

const askRelation: Ask = (sent, { clause }) => {
  const title = 'How close must somebody stand to the person?';
  const choices = relations.map((value) => ({ value, text: relationWords[value] }));
  const { field, value } = askOne(sent, { name: 'relation', label: title, hint: 'Each includes those below it', choices, missing: 'Choose how close they must stand', stored: clause.relation });
  return { title, answer: answer([field], value && { relation: value }) };
};

const askPowers: Ask = (sent, { clause, vocabulary }) => {
  const title = 'Under which legal powers?';
  const { field, value } = askGroups(sent, { name: 'powers', label: title, hint: 'Choose every power that the sharing stands on. Ask your data protection officer where you are not sure.', groups: powerChoices(vocabulary), missing: 'Choose at least one power', stored: clause.powers });
  return { title, answer: answer([field], value && { powers: value }) };
};

const askNecessity: Ask = (sent, { clause }) => {
  const title = 'Why would less not do?';
  const { field, value } = askText(sent, { kind: 'area', name: 'necessity', label: title, hint: 'Say why the purpose cannot be reached with fewer items, fewer people, or figures instead of names', longest: 5000, missing: 'Enter why less would not do', stored: clause.necessity });
  return { title, answer: answer([field], value === undefined ? undefined : { necessity: value }) };
};

const everyField = 'every-field';

const askFields = (feedCode: string): Ask => (sent, { clause, vocabulary }) => {
  const feed = vocabulary.feeds.get(feedCode);
  const item = clause.items.find((each) => 'feed' in each && each.feed === feedCode);
  const stored = item && 'feed' in item ? item.fields : [];
  const identified = clause.form === 'identified';
  const title = `Which fields of ${(feed?.title ?? feedCode).replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())}?`;
  const fields = (feed?.fields ?? []).filter((field) => identified || !field.identifying);
  const all = { value: everyField, text: identified ? 'All fields, those that identify too' : 'All fields but those that identify', hint: 'Or choose the fields below' };
  const choices = [all, ...fields.map(({ name, identifying }) => ({ value: name, text: name.replaceAll('_', ' '), ...(identifying ? { hint: 'Identifies a person or a home' } : {}) }))];
  const { field, value } = askSome(sent, { name: 'fields', label: title, choices, missing: 'Choose all fields, or at least one', stored: stored === 'all' ? [everyField] : stored });
  const both = value !== undefined && value.length > 1 && value.includes(everyField);
  const shown = both && sent ? { ...field, error: 'Choose all fields, or some of them, not both' } : field;
  const chosen = both || !value ? undefined : value[0] === everyField ? ('all' as const) : value;
  return { title, answer: answer([shown], chosen && { items: clause.items.map((each) => ('feed' in each && each.feed === feedCode ? { feed: feedCode, fields: chosen } : each)) }) };
};

const askRoles = (agency: string): Ask => (sent, { clause, vocabulary }) => {
  const title = `Which roles at ${createNaming(vocabulary).agency(agency)}?`;
  const stored = clause.to.find((each) => each.agency === agency)?.roles ?? [];
  const { field, value } = askSome(sent, { name: 'roles', label: title, choices: roles.map((role) => ({ value: role, text: roleTitles[role] })), missing: 'Choose at least one role', stored });
  return { title, answer: answer([field], value && { to: clause.to.map((each) => (each.agency === agency ? { agency, roles: value } : each)) }) };
};

const plain: Record<string, Ask> = { purpose: askPurpose, from: askFrom, form: askForm, items: askItems, to: askTo, relation: askRelation, powers: askPowers, necessity: askNecessity };

/** The question of an address such as "purpose" or "fields/police-incident"; undefined where the clause has no such question. */
export function findClauseQuestion(step: string, clause: DraftClause): Ask | undefined {
  const [kind, of] = step.split('/');
  if (of === undefined) return kind === 'relation' && clause.form !== 'identified' ? undefined : Object.hasOwn(plain, kind!) ? plain[kind!] : undefined;
  if (kind === 'fields' && clause.items.some((item) => 'feed' in item && item.feed === of)) return askFields(of);
  if (kind === 'roles' && clause.to.some(({ agency }) => agency === of)) return askRoles(of);
  return undefined;
}

/** The first question that is not answered; undefined where the clause is complete. */
export function findOpenStep(clause: DraftClause): string | undefined {
  if (!clause.purpose) return 'purpose';
  if (clause.from.length === 0) return 'from';
  if (!clause.form) return 'form';
  if (clause.items.length === 0) return 'items';
  for (const item of clause.items) if ('feed' in item && item.fields.length === 0) return `fields/${item.feed}`;
  if (clause.to.length === 0) return 'to';
  for (const { agency, roles: chosen } of clause.to) if (chosen.length === 0) return `roles/${agency}`;
  if (!clause.relation) return 'relation';
  if (clause.powers.length === 0) return 'powers';
  return clause.necessity ? undefined : 'necessity';
}
