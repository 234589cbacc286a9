// Breaks a label into lines that fit a width: at spaces alone, so that a long word stands whole.

import { textWidth } from './chart-frame.ts';

/** @example wrapWords('Same house and street', 100) // ['Same house', 'and street'] */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
