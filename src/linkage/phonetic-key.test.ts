import { describe, expect, it } from 'vitest';
import { phoneticKey } from './phonetic-key.ts';

describe('phoneticKey', () => {
  it.each([
    ['catherine', 'katharine'], ['smith', 'smyth'], ['stephen', 'steven'], ['macdonald', 'mcdonald'], ['thompson', 'thomson'], ['wright', 'rite'],
    ['knight', 'nite'], ['philip', 'filip'], ['clark', 'clarke'], ['mohammed', 'muhamad'], ['szymon', 'simon'], ['hussain', 'husein'],
  ])('gives %s and %s one key', (a, b) => {
    expect(phoneticKey(a)).toBe(phoneticKey(b));
  });

  it.each([['smith', 'jones'], ['brown', 'green'], ['ann', 'bob']])('tells %s from %s', (a, b) => {
    expect(phoneticKey(a)).not.toBe(phoneticKey(b));
  });

  it('gives no key to a name without Latin letters', () => {
    expect(phoneticKey('иван')).toBeUndefined();
    expect(phoneticKey('')).toBeUndefined();
  });
});
