// The little of Markdown that our own documents use, as HTML in the service's style: headings, paragraphs, lists, tables, bold, code.
// Everything is escaped first. Links are kept only where they stay within the page; others are written as their text.

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => escapes[character]!);

function inline(text: string): string {
  return escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/\[([^\]]+)\]\((#[\w-]+)\)/g, '<a class="govuk-link" href="$2">$1</a>')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}

const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
const cells = (line: string) => line.replaceAll(/^\||\|$/g, '').split('|').map((cell) => cell.trim());

function table(lines: string[]): string {
  const [head = '', , ...rows] = lines;
  const header = cells(head).map((cell) => `<th scope="col" class="govuk-table__header">${inline(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr class="govuk-table__row">${cells(row).map((cell) => `<td class="govuk-table__cell">${inline(cell)}</td>`).join('')}</tr>`).join('');
  return `<table class="govuk-table"><thead class="govuk-table__head"><tr class="govuk-table__row">${header}</tr></thead><tbody class="govuk-table__body">${body}</tbody></table>`;
}

function block(lines: string[]): string {
  const first = lines[0]!;
  const heading = /^(#{1,4})\s+(.*)$/.exec(first);
  if (heading) {
    const level = Math.max(2, heading[1]!.length);
    const size = level === 2 ? 'm' : 's';
    const rest = lines.slice(1);
    return `<h${level} class="govuk-heading-${size}" id="${slug(heading[2]!)}">${inline(heading[2]!)}</h${level}>${rest.length > 0 ? block(rest) : ''}`;
  }
  if (first.startsWith('|') && lines.length > 1) return table(lines);
  if (/^[-*]\s/.test(first)) {
    const items = lines.join('\n').split(/^[-*]\s+/m).slice(1).map((item) => `<li>${inline(item.replaceAll(/\s+/g, ' ').trim())}</li>`);
    return `<ul class="govuk-list govuk-list--bullet">${items.join('')}</ul>`;
  }
  return `<p class="govuk-body">${inline(lines.map((line) => line.trim()).join(' '))}</p>`;
}

/** HTML of a Markdown text, without its first heading, which is the page's own title. */
export function markdownToHtml(markdown: string): string {
  const text = markdown.replaceAll('\r\n', '\n').replace(/^\s*#\s+.*\n/, '').replaceAll(/<!--.*?-->/gs, '');
  return text.split(/\n\s*\n/).map((part) => part.split('\n').filter((line) => line.trim() !== '')).filter((lines) => lines.length > 0).map(block).join('\n');
}
