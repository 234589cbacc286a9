import { assert, oneof, property, string, stringMatching, webUrl } from 'fast-check';
import { expect, test } from 'vitest';
import { safeReturnTo } from './return-to.ts';

test('A path of this service is kept with its query', () => {
  expect(safeReturnTo('/understand/demand?agency=police&from=2025-01')).toBe('/understand/demand?agency=police&from=2025-01');
});

test.each([
  'https://evil.example', '//evil.example', '/\\evil.example', '/%0d%0a//evil', 'javascript:alert(1)', '\\\\evil.example', '', ' /x',
  '/\t/evil.example', '/\n/evil.example', 'evil.example', '/..//evil.example', '/sign-in', '/sign-out', '/sample-identity/auth', '/x\u0000y',
])('%j leads to the start page, or at least nowhere else', (value) => {
  const result = safeReturnTo(value);
  expect(new URL(result, 'http://localhost:8080').origin).toBe('http://localhost:8080');
  expect(result).not.toMatch(/^\/[/\\]/);
});

test('Nothing but text is taken', () => {
  expect(safeReturnTo(undefined)).toBe('/');
  expect(safeReturnTo(['/a', '/b'])).toBe('/');
});

test('No text at all leads to another origin', () => {
  const nasty = stringMatching(/^[/\\a-z:@.?#%0-9\t\n]{0,12}$/);
  assert(
    property(oneof(nasty, webUrl(), string()), (value) => {
      const result = safeReturnTo(value);
      const url = new URL(result, 'http://localhost:8080');
      return url.origin === 'http://localhost:8080' && result.startsWith('/') && !result.startsWith('//');
    }),
    { numRuns: 2000 },
  );
});
