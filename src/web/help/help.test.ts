import { array, assert, constantFrom, property } from 'fast-check';
import { parseHTML } from 'linkedom';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newFolder } from '../../../test/support/made-folders.ts';
import { openTestServer, signedInAs } from '../../../test/support/web-server.ts';
import { listFeeds } from '../../ingest/index.ts';
import { createQuestions } from '../../understand/index.ts';
import { markdownToHtml } from './markdown-page.ts';
import { findDocumentPage, readMethodNotes } from './method-note.ts';

describe('help', () => {
  test('Anyone may read the accessibility statement and what cookies there are', async () => {
    const server = await openTestServer();
    const statement = await server.app.inject({ url: '/accessibility' });
    expect(statement.statusCode).toBe(200);
    expect(statement.body).toContain('mailto:data@example.org');
    const cookies = await server.app.inject({ url: '/cookies' });
    for (const name of ['headwater', 'headwater-form', 'headwater-sign-in']) expect(cookies.body).toContain(`<code>${name}</code>`);
    expect(cookies.body).toContain('after 30 minutes without use, or after 10 hours');
    await server.app.close();
  });

  test('Sources names each feed; the glossary is the document; both manage without', async () => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, 'referrer');
    expect((await server.app.inject({ url: '/help/sources', headers: { cookie } })).body).toContain('National Standard for Incident Recording 2011');
    expect((await server.app.inject({ url: '/help/glossary', headers: { cookie } })).body).toContain('<strong>Household</strong> People who live at one address.');
    await server.app.close();
    const bare = await openTestServer({ feeds: undefined, glossary: undefined, contact: undefined });
    const signedIn = await signedInAs(bare, 'referrer');
    expect((await bare.app.inject({ url: '/help/sources', headers: { cookie: signedIn.cookie } })).body).toContain('No feeds are set up');
    expect((await bare.app.inject({ url: '/help/glossary', headers: { cookie: signedIn.cookie } })).body).toContain('not installed');
    expect((await bare.app.inject({ url: '/help', headers: { cookie: signedIn.cookie } })).body).toContain('Their name is not set up here yet');
    await bare.app.close();
  });
});

test('Where a feed’s definition comes from reads as one phrase: after a comma no ordinary word has a capital', () => {
  for (const { feed, source } of listFeeds()) expect(source.reference, feed).not.toMatch(/^(After|By|From|Of|Public|With) /);
});

describe('notes on methods', () => {
  test('Every note of the product has its page and is listed, and the note of each question is among them', async () => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, 'referrer');
    const notes = readMethodNotes();
    expect(notes.size).toBeGreaterThan(5);
    const list = (await server.app.inject({ url: '/help/methods', headers: { cookie } })).body;
    for (const { id, title } of notes.values()) {
      expect(list).toContain(`href="/help/methods/${id}"`);
      const page = await server.app.inject({ url: `/help/methods/${id}`, headers: { cookie } });
      expect(page.statusCode, id).toBe(200);
      expect(parseHTML(page.body).document.querySelector('h1')?.textContent).toBe(title);
      expect(parseHTML(page.body).document.querySelectorAll('main script, main img, main iframe').length).toBe(0);
    }
    expect(createQuestions({ clock: server.clock }).map(({ method }) => method).filter((id) => !notes.has(id))).toEqual([]);
    await server.app.close();
  });

  test('A note leads to another note and to the glossary, and not to a document without a page', () => {
    const notes = new Map([['demand', 1]]);
    expect(findDocumentPage(notes, 'demand.md#limits')).toBe('/help/methods/demand#limits');
    expect(findDocumentPage(notes, '../methods/demand.md')).toBe('/help/methods/demand');
    expect(findDocumentPage(notes, '../glossary.md')).toBe('/help/glossary');
    for (const href of ['places.md', '../../README.md', '../how-to/demand.md', 'demand.md.exe', 'javascript:demand.md', '//demand.md']) expect(findDocumentPage(notes, href)).toBeUndefined();
  });

  test('A note that is missing is a page that says so, with the way to the others', async () => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, 'analyst');
    const missing = await server.app.inject({ url: '/help/methods/astrology', headers: { cookie } });
    expect(missing.statusCode).toBe(404);
    expect(missing.body).toContain('There is no note of this name');
    expect(missing.body).toContain('href="/help/methods"');
    await server.app.close();
    const bare = await openTestServer({ methodsFolder: join(tmpdir(), 'headwater-no-such-folder') });
    const signedIn = await signedInAs(bare, 'analyst');
    expect((await bare.app.inject({ url: '/help/methods', headers: { cookie: signedIn.cookie } })).body).toContain('not installed');
    expect((await bare.app.inject({ url: '/help/methods/demand', headers: { cookie: signedIn.cookie } })).statusCode).toBe(404);
    await bare.app.close();
  });

  test('No name leads out of the folder', async () => {
    const folder = join(newFolder('methods'), 'notes');
    mkdirSync(folder);
    writeFileSync(join(folder, 'open.md'), '# Open\n\nShown.');
    writeFileSync(join(folder, '..', 'closed-by-test.md'), '# Closed\n\nA secret line.');
    const server = await openTestServer({ methodsFolder: folder });
    const { cookie } = await signedInAs(server, 'analyst');
    expect((await server.app.inject({ url: '/help/methods/open', headers: { cookie } })).body).toContain('Shown.');
    for (const id of ['../closed-by-test', '..%2Fclosed-by-test', '..%2fclosed-by-test.md', '%2e%2e%2fclosed-by-test', '..%5cclosed-by-test', 'open.md', 'open%00', '%2e%2e', '__proto__', 'constructor']) {
      const response = await server.app.inject({ url: `/help/methods/${id}`, headers: { cookie } });
      expect([400, 404], id).toContain(response.statusCode);
      expect(response.body).not.toContain('A secret line.');
    }
    await server.app.close();
  });
});

describe('Markdown as HTML', () => {
  test('The title is left to the page; headings, lists, tables and code are kept', () => {
    const { document } = parseHTML(`<main>${markdownToHtml('# Glossary\n\n## People & places\n\nA `person*` is **one**\n*human*.\n\n- a\n- b\n  c\n\n1. one\n2. two\n\n| w | m |\n|---|---|\n| x | `y` |\n\n```\na < b\n```\n')}</main>`);
    const texts = (selector: string) => [...document.querySelectorAll(selector)].map((node) => node.textContent);
    expect(document.querySelector('h1')).toBeNull();
    expect(document.querySelector('h2')?.outerHTML).toBe('<h2 class="govuk-heading-m" id="people-places">People &amp; places</h2>');
    expect(document.querySelector('p')?.innerHTML).toBe('A <code>person*</code> is <strong>one</strong>\n<em>human</em>.');
    expect(texts('ul.govuk-list--bullet li')).toEqual(['a', 'b\nc']);
    expect(texts('ol.govuk-list--number li')).toEqual(['one', 'two']);
    expect(texts('thead th')).toEqual(['w', 'm']);
    expect(texts('tbody td')).toEqual(['x', 'y']);
    expect(texts('pre')).toEqual(['a < b']);
  });

  test('A script is text, and a link that is not to a page here or to https is only its words', () => {
    expect(markdownToHtml('a <script>alert(1)</script>')).toBe('<p class="govuk-body">a &lt;script&gt;alert(1)&lt;/script&gt;</p>');
    expect(markdownToHtml('a <script> <b onclick=x')).toBe('<p class="govuk-body">a &lt;script&gt; &lt;b onclick=x</p>');
    expect(markdownToHtml('1 &lt; 2 & 3')).toBe('<p class="govuk-body">1 &lt; 2 &amp; 3</p>');
    expect(markdownToHtml('<img src=x onerror=alert(1)>')).toBe('&lt;img src=x onerror=alert(1)&gt;');
    expect(markdownToHtml('[a](javascript:alert) [b](http://example.org) [c](#people) ![d](https://example.org/d.png)')).toBe('<p class="govuk-body">a b <a class="govuk-link" href="#people">c</a> d</p>');
    expect(markdownToHtml('[a](https://example.org/?a=1&b=2)')).toBe('<p class="govuk-body"><a class="govuk-link" href="https://example.org/?a=1&amp;b=2" rel="noreferrer">a</a></p>');
  });

  test('Whatever the text, only our own elements and attributes come out', () => {
    const piece = constantFrom('<script>', '</script>', '<img src=x onerror=a>', '"', "'", '`', '```', '\n', '\n\n', '[a](', 'javascript:a', 'data:text/html,', ')', '![', '](', '<', '>', '&', '&lt;', '*', '**', '# ', '- ', '1. ', '- [ ] ', '|', '|---|---|\n', '> ', 'onclick=', '<a href="javascript:a">', '<!--', '-->', ' ', 'x', '~~', '<https://e.org"onclick=a>', 'https://e.org/"><b>', '[x]: javascript:a\n', '    ');
    const elements = new Set(['p', 'a', 'code', 'pre', 'em', 'strong', 'del', 'ul', 'ol', 'li', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'blockquote', 'hr', 'br']);
    const attributes = new Set(['class', 'href', 'id', 'rel', 'role', 'aria-label', 'tabindex', 'scope']);
    assert(
      property(array(piece, { maxLength: 25 }), (pieces) => {
        const { document } = parseHTML(`<main>${markdownToHtml(pieces.join(''))}</main>`);
        for (const node of document.querySelectorAll('main *')) {
          expect(elements).toContain(node.localName);
          for (const { name, value } of node.attributes) {
            expect(attributes).toContain(name);
            if (name === 'href') expect(value).toMatch(/^(#|https:\/\/)/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
