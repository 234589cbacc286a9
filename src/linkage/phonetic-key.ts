// How do names sound? A short key that is the same for most spellings of one spoken name.
// Method: after Soundex (Russell 1918; Knuth, The Art of Computer Programming, volume 3), with British spellings smoothed first
// and the first letter coded with the rest, so that Catherine and Katherine agree. Limits: Latin letters only; others give no key.

const spellings: [RegExp, string][] = [
  [/^(kn|gn|pn)/, 'n'],
  [/^wr/, 'r'],
  [/^x/, 's'],
  [/^wh/, 'w'],
  [/^mac(?=[a-z]{3})/, 'mc'],
  [/ph/g, 'f'],
  [/mp(?=[st])/g, 'm'],
  [/tch/g, 'ch'],
  [/(gh)(?=[^aeiou]|$)/g, ''],
  [/sch/g, 's'],
  [/sh|cz|ts/g, 's'],
  [/ch(?=[aeiouy])/g, 's'],
  [/c(?=[eiy])/g, 's'],
  [/dg(?=[eiy])/g, 'j'],
];

const codes: Record<string, string> = {
  b: '1', p: '1', f: '7', v: '7',
  c: '2', k: '2', q: '2', g: '2', x: '2',
  s: '8', z: '8', j: '8',
  d: '3', t: '3', l: '4', m: '5', n: '5', r: '6',
};

/**
 * The phonetic key of a name of lower-case letters, at most five characters; undefined where the name has no Latin letter.
 * A leading vowel is "0". Source: see the head of this file.
 * @example phoneticKey('catherine') === phoneticKey('katharine') // true
 */
export function phoneticKey(name: string): string | undefined {
  let word = name.replace(/[^a-z]/g, '');
  if (word === '') return undefined;
  for (const [pattern, replacement] of spellings) word = word.replace(pattern, replacement);
  let key = '';
  let before = '';
  for (let i = 0; i < word.length && key.length < 5; i += 1) {
    const letter = word[i]!;
    const code = codes[letter] ?? '';
    if (code === '' && i === 0) key += 'hwy'.includes(letter) ? letter : '0';
    else if (code !== '' && code !== before) key += code;
    // H and W do not part two letters of one code; vowels do.
    if (letter !== 'h' && letter !== 'w') before = code;
  }
  return key === '' ? undefined : key;
}
