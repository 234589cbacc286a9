import { describe, expect, test } from 'vitest';
import { openTestServer, signedInAs } from '../../../test/support/web-server.ts';
import { markdownToHtml } from './plain-markdown.ts';

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

describe('Markdown as HTML', () => {
  test('The title is left to the page; headings, lists, tables and code are kept', () => {
    expect(markdownToHtml('# Glossary\n\n## People\n\nA `person` is **one**\nhuman.\n\n- a\n- b\n  c\n\n| w | m |\n|---|---|\n| x | y |\n')).toBe(
      [
        '<h2 class="govuk-heading-m" id="people">People</h2>',
        '<p class="govuk-body">A <code>person</code> is <strong>one</strong> human.</p>',
        '<ul class="govuk-list govuk-list--bullet"><li>a</li><li>b c</li></ul>',
        '<table class="govuk-table"><thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">w</th><th scope="col" class="govuk-table__header">m</th></tr></thead><tbody class="govuk-table__body"><tr class="govuk-table__row"><td class="govuk-table__cell">x</td><td class="govuk-table__cell">y</td></tr></tbody></table>',
      ].join('\n'),
    );
  });

  test('A script is text, and a link that leaves the page is only its words', () => {
    expect(markdownToHtml('<script>alert(1)</script>')).toBe('<p class="govuk-body">&lt;script&gt;alert(1)&lt;/script&gt;</p>');
    expect(markdownToHtml('[a](javascript:alert(1)) [b](https://example.org) [c](#people)')).toBe('<p class="govuk-body">a) b <a class="govuk-link" href="#people">c</a></p>');
  });
});
