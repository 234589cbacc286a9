import { expect, it } from 'vitest';
import { parseSettings } from './home.ts';

const read = (more: string) => parseSettings(`partnership: Fenmarch\n${more}`, 'headwater.yaml');

it('takes a threshold of linkage as a probability or the word reviewed, and names the setting where it is neither', () => {
  expect(read('linkage:\n  threshold: 0.9\n').linkage).toEqual({ threshold: 0.9 });
  expect(read('linkage:\n  threshold: reviewed\n').linkage).toEqual({ threshold: 'reviewed' });
  expect(read('').linkage).toBeUndefined();
  for (const wrong of ['1', '0', '90', 'review']) expect(() => read(`linkage:\n  threshold: ${wrong}\n`)).toThrow(/^headwater\.yaml: linkage\.threshold: give a probability between 0 and 1, such as 0\.9, or the word reviewed/);
  expect(() => read('linkage:\n  treshold: 0.9\n')).toThrow(/treshold/);
});
