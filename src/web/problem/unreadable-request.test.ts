// What never becomes a request is answered with our own page, or problem JSON under /api, with the headers of every answer.

import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, signedInAs, type TestServer } from '../../../test/support/web-server.ts';

let server: TestServer;
let port: number;
beforeAll(async () => {
  server = await openTestServer();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = server.app.server.address() as AddressInfo);
});
afterAll(() => server.app.close());

interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** Sends bytes as they are and reads until the server closes. */
async function send(bytes: string): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    let read = '';
    socket.setTimeout(5000, () => socket.destroy(new Error(`no end after ${read.slice(0, 100)}`)));
    socket.on('data', (part) => (read += part.toString('utf8')));
    socket.on('end', () => resolve(read));
    socket.on('error', reject);
  });
  const [head, ...body] = text.split('\r\n\r\n');
  const [first, ...lines] = head!.split('\r\n');
  return {
    status: Number(first!.split(' ')[1]),
    headers: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])),
    body: body.join('\r\n\r\n'),
  };
}

const ask = (line: string, headers = 'Host: localhost\r\n') => `${line}\r\n${headers}Connection: close\r\n\r\n`;
const word = 'zebra';

const unreadable: [name: string, bytes: string, status: number, heading: string][] = [
  ['a percent sign alone', ask('GET /% HTTP/1.1'), 400, 'We could not read that address'],
  ['a letter that is cut off', ask(`GET /${word}%E0%A4%A HTTP/1.1`), 400, 'We could not read that address'],
  ['an encoded NUL', ask(`GET /${word}%00b HTTP/1.1`), 404, 'Page not found'],
  ['an encoded NUL in a file name', ask(`GET /assets/${word}%00.css HTTP/1.1`), 404, 'Page not found'],
  ['a NUL', ask(`GET /${word}\0b HTTP/1.1`), 400, 'We could not read that request'],
  ['a long address', ask(`GET /${word.repeat(2000)} HTTP/1.1`), 404, 'Page not found'],
  ['a long name of a method', ask(`GET /help/methods/${word.repeat(200)} HTTP/1.1`), 303, ''],
  ['an address without end', ask(`GET /${word.repeat(5000)} HTTP/1.1`), 431, 'That request is too long to read'],
  ['a header without end', ask('GET / HTTP/1.1', `Host: localhost\r\nX-A: ${word.repeat(5000)}\r\n`), 431, 'That request is too long to read'],
  ['no HTTP at all', `${word}\r\n\r\n`, 400, 'We could not read that request'],
  ['a version that is none', ask('GET / HTTP/9.9'), 400, 'We could not read that request'],
  ['a method that is none', ask(`${word.toUpperCase()} / HTTP/1.1`), 400, 'We could not read that request'],
  ['no host', ask('GET / HTTP/1.1', ''), 400, 'We could not read that request'],
  ['two lengths', ask('POST /sign-out HTTP/1.1', 'Host: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n'), 400, 'We could not read that request'],
  ['an expectation', ask('GET / HTTP/1.1', `Host: localhost\r\nExpect: ${word}\r\n`), 417, 'We could not read that request'],
  ['a method that the page does not take', ask('DELETE /help HTTP/1.1'), 405, 'That cannot be done here'],
  ['a method of other protocols', ask('PROPFIND / HTTP/1.1'), 405, 'That cannot be done here'],
  ['a page of the sample provider that is not there', ask(`GET /sample-identity/${word} HTTP/1.1`), 404, 'Page not found'],
];

describe('a person gets a page', () => {
  test.each(unreadable)('for %s', async (_name, bytes, status, heading) => {
    const answer = await send(bytes);
    expect(answer.status).toBe(status);
    const usual = (await server.app.inject({ url: '/sign-in' })).headers;
    for (const name of ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'permissions-policy', 'cache-control']) {
      expect(answer.headers.get(name), name).toBe(usual[name]);
    }
    if (status === 303) return;
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain(heading);
    expect(answer.body).toMatch(/<link[^>]+headwater\.css/);
    expect(answer.body.toLowerCase()).not.toContain(word);
  });
});

describe('a program gets problem JSON', () => {
  test.each([
    ['a percent sign alone', ask('GET /api/% HTTP/1.1'), 400],
    ['a NUL', ask('GET /api/questions\0 HTTP/1.1'), 400],
    ['a question without end', ask(`GET /api/questions/${word.repeat(200)} HTTP/1.1`), 401],
    ['an address without end', ask(`GET /api/questions?area=${word.repeat(5000)} HTTP/1.1`), 431],
    ['an expectation', ask('GET /api/questions HTTP/1.1', `Host: localhost\r\nExpect: ${word}\r\n`), 417],
    ['a method that it does not take', ask('DELETE /api/questions HTTP/1.1'), 405],
  ])('for %s', async (_name, bytes, status) => {
    const answer = await send(bytes);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(JSON.parse(answer.body)).toMatchObject({ status, title: expect.stringMatching(/\w/), detail: expect.stringMatching(/\.$/) });
    expect(answer.body).not.toContain(word);
  });

  test('and a question without end that is asked by somebody is not found', async () => {
    const { cookie } = await signedInAs(server, 'analyst');
    const answer = await server.app.inject({ url: `/api/questions/${'a'.repeat(2000)}`, headers: { cookie } });
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { title: 'Page not found' }]);
  });
});

test('A method that an address does not take is told which it takes', async () => {
  expect((await server.app.inject({ method: 'PUT', url: '/sign-out' })).headers.allow).toBe('POST');
  expect((await server.app.inject({ method: 'POST', url: '/api/questions/demand?a=1' })).headers.allow).toBe('GET, HEAD');
  expect((await server.app.inject({ method: 'POST', url: '/help.css' })).statusCode).toBe(404);
});

test('What cannot be read is one line in the log, without a word of it', async () => {
  server.log.length = 0;
  await send(ask(`GET /${word}%E0%A4%A HTTP/1.1`));
  await send(`${word}\r\n\r\n`);
  const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ route, status }) => [route, status])).toEqual([['none', 400], ['none', 400]]);
  expect(server.log.join('')).not.toContain(word);
});
