// The answer to a subject access request as files to hand over: a document of one page that opens in any browser and prints, and its rows as CSV that is safe in
// a spreadsheet. The same answer gives the same bytes. Everything in the document is text; it holds no script and fetches nothing.

import { toCsv, type CsvCell } from '../../core/index.ts';
import { escapeHtml } from '../frame/escape-html.ts';
import { answerNotes, rightsNotes, type AccessAnswer, type AnswerBlock, type AnswerEntry, type AnswerSection } from './access-answer.ts';

const lines = (text: string): string => text.split('\n').map(escapeHtml).join('<br>');

const style = `
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c; font: 1.125rem/1.45 Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.15; } h2 { margin-top: 2.5rem; padding-top: 1rem; border-top: 3px solid #12436d; font-size: 1.5rem; } h3 { margin-top: 1.75rem; font-size: 1.25rem; } h3.what, h4.what { margin: 0 0 .4rem; font-size: 1.125rem; } p.what { margin: 0; }
.entry { padding: .75rem 0; border-top: 1px solid #b1b4b6; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(8rem, 1fr) 2fr; gap: .25rem 1rem; margin: 0; } dt { color: #505a5f; } dd { margin: 0; } .source { margin: .4rem 0 0; color: #505a5f; font-size: 1rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print { body { max-width: none; margin: 0; font-size: 11pt; } .entry { break-inside: avoid; } h2, h3 { break-after: avoid; } dt, .source { color: #000; } }
`;

function entryHtml({ heading, facts, source }: AnswerEntry, level: 'p' | 'h3' | 'h4'): string {
  const list = facts.length === 0 ? '' : `<dl>${facts.map(({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${lines(value)}</dd>`).join('')}</dl>`;
  return `<div class="entry"><${level} class="what">${escapeHtml(heading)}</${level}>${list}${source === null ? '' : `<p class="source">${escapeHtml(source)}</p>`}</div>`;
}

const blockHtml = ({ heading, entries }: AnswerBlock, sentences: boolean): string => `${heading === '' ? '' : `<h3>${escapeHtml(heading)}</h3>`}\n${entries.map((entry) => entryHtml(entry, sentences ? 'p' : heading === '' ? 'h3' : 'h4')).join('\n')}`;
const sectionHtml = ({ id, heading, intro, blocks }: AnswerSection): string => `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeHtml(heading)}</h2>\n<p>${escapeHtml(intro)}</p>\n${blocks.map((block) => blockHtml(block, id === 'seen')).join('\n')}\n</section>`;

/** What is handed over, from one answer. */
export const filesOf = (answer: AccessAnswer): { document: string; rows: string } => ({ document: writeAnswerDocument(answer), rows: writeAnswerRows(answer) });

/** A whole page of HTML. */
function writeAnswerDocument({ partnership, personKey, askedOn, madeOn, contact, sections }: AccessAnswer): string {
  const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>What is held about you – ${escapeHtml(partnership)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${style}</style>
</head>
<body>
<main>
<h1>What is held about you</h1>
<p>You asked on ${escapeHtml(askedOn)}. ${escapeHtml(partnership)} answers with what was held on ${escapeHtml(madeOn)}. Your record has the key ${escapeHtml(personKey)}.</p>
${paragraphs(answerNotes)}
${sections.map(sectionHtml).join('\n')}
<section aria-labelledby="rights">
<h2 id="rights">Your rights</h2>
<p>If something is wrong, or you do not understand it, tell ${escapeHtml(contact)}.</p>
${paragraphs(rightsNotes)}
</section>
</main>
</body>
</html>
`;
}

const columns = ['about', 'agency', 'record', 'date', 'field', 'value', 'source'];

/** One line for each fact, as CSV. */
function writeAnswerRows({ sections }: AccessAnswer): string {
  return toCsv(columns, sections.flatMap(({ heading: about, blocks }) => blocks.flatMap((block) => block.entries.flatMap(({ heading, agency, date, facts, source }): Record<string, CsvCell>[] => {
    const record = [block.heading, heading].filter((each) => each !== '').join(': ');
    const row = { about, agency, record, date: date?.slice(0, 10) ?? null, source };
    return facts.length === 0 ? [{ ...row, field: null, value: null }] : facts.map(({ label, value }) => ({ ...row, field: label, value }));
  }))));
}
