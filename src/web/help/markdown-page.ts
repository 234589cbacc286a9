// Our documents as pages in the service's style. They are read on GitHub too, so `marked` (no dependencies, GitHub's flavour) reads
// them as GitHub does; each part is written here. HTML in a document is shown as text, pictures are left out, and a link is kept
// only to a part of the page, to a document that has a page here, or to an https address.

import { Marked, type RendererObject, type Tokens } from 'marked';
import { escapeButEntities, escapeHtml } from '../frame/escape-html.ts';

/** The address of a page here for a link in a document, such as "demand.md"; undefined where there is none. */
export type FindPage = (href: string) => string | undefined;

const slug = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');

/** "#rates", a page here, or an https address; else undefined, and the words alone are shown. */
function keptHref(href: string, findPage: FindPage): string | undefined {
  if (/^#[\w-]+$/.test(href)) return href;
  const page = findPage(href);
  if (page !== undefined) return page;
  return /^https:\/\/[^\s"'<>]+$/.test(href) ? href : undefined;
}

function rendererFor(findPage: FindPage): RendererObject {
  let captions = 0;
  return {
    html: ({ text }) => escapeHtml(text),
    // Text after an opened tag comes marked as escaped, which it is not.
    text(token) {
      return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : escapeButEntities(token.text);
    },
    image: ({ text }) => escapeHtml(text),
    code: ({ text }) => `<pre class="headwater-code" tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`,
    heading({ tokens, depth, text }) {
      const level = Math.max(2, depth);
      return `<h${level} class="govuk-heading-${level === 2 ? 'm' : 's'}" id="${slug(text)}">${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
    paragraph({ tokens }) {
      return `<p class="govuk-body">${this.parser.parseInline(tokens)}</p>\n`;
    },
    list({ ordered, items }) {
      const tag = ordered ? 'ol' : 'ul';
      return `<${tag} class="govuk-list govuk-list--${ordered ? 'number' : 'bullet'}">${items.map((item) => `<li>${this.parser.parse(item.tokens).trim()}</li>`).join('')}</${tag}>\n`;
    },
    table({ header, rows }) {
      captions += 1;
      const inside = (cell: Tokens.TableCell) => this.parser.parseInline(cell.tokens);
      const head = header.map((cell) => `<th scope="col" class="govuk-table__header">${inside(cell)}</th>`).join('');
      const body = rows.map((row) => `<tr class="govuk-table__row">${row.map((cell) => `<td class="govuk-table__cell">${inside(cell)}</td>`).join('')}</tr>`).join('');
      return `<div class="headwater-scroll" role="region" aria-label="Table ${captions}" tabindex="0"><table class="govuk-table"><thead class="govuk-table__head"><tr class="govuk-table__row">${head}</tr></thead><tbody class="govuk-table__body">${body}</tbody></table></div>\n`;
    },
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      const kept = keptHref(href, findPage);
      return kept === undefined ? words : `<a class="govuk-link" href="${escapeHtml(kept)}"${kept.startsWith('https:') ? ' rel="noreferrer"' : ''}>${words}</a>`;
    },
    checkbox: () => '',
  };
}

/** HTML of a Markdown text, without its first heading, which is the page's own title. */
export function markdownToHtml(markdown: string, findPage: FindPage = () => undefined): string {
  const text = markdown.replace(/^\s*#\s+.*(\n|$)/, '').replaceAll(/<!--.*?-->/gs, '');
  const html = new Marked({ gfm: true, renderer: rendererFor(findPage) }).parse(text, { async: false });
  return html.trim();
}
