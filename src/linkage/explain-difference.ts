// What differs between two written values? Marks the characters that the other value does not have in the same order (the longest common
// subsequence), so that a slip can be seen at once; and says in a word how the values stand to each other.

export interface TextPart {
  text: string;
  differs: boolean;
}

export type FieldMark = 'Same' | 'Written differently' | 'Different' | 'Recorded once' | 'Not recorded';

/** Values longer than this are marked whole. */
const longest = 200;

/** Letters and digits in small letters, without accents. */
const plain = (value: string): string => value.normalize('NFD').replaceAll(/\p{Mn}/gu, '').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');

/**
 * How two values of a field stand to each other.
 * @example markOf('FM1 2AB', 'fm12ab') // 'Written differently'
 */
export function markOf(left: string | null, right: string | null): FieldMark {
  if (left === null && right === null) return 'Not recorded';
  if (left === null || right === null) return 'Recorded once';
  if (left === right) return 'Same';
  return plain(left) === plain(right) ? 'Written differently' : 'Different';
}

/**
 * Both values as parts, those that differ marked. Nothing is marked where little is shared, since everything would be.
 * @example markDifferences('Smith', 'Smyth')[0] // [{ text: 'Sm', differs: false }, { text: 'i', differs: true }, { text: 'th', differs: false }]
 */
export function markDifferences(left: string, right: string): [TextPart[], TextPart[]] {
  const [a, b] = [[...left], [...right]];
  const whole = (text: string): TextPart[] => [{ text, differs: false }];
  if (left === right || a.length > longest || b.length > longest) return [whole(left), whole(right)];
  const same = (i: number, j: number) => a[i]!.toLowerCase() === b[j]!.toLowerCase();
  const shared = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) shared[i]![j] = same(i, j) ? shared[i + 1]![j + 1]! + 1 : Math.max(shared[i + 1]![j]!, shared[i]![j + 1]!);
  }
  if (shared[0]![0]! * 2 < Math.max(a.length, b.length)) return [whole(left), whole(right)];
  const [leftParts, rightParts]: [TextPart[], TextPart[]] = [[], []];
  const add = (parts: TextPart[], text: string, differs: boolean) => {
    const last = parts.at(-1);
    if (last?.differs === differs) last.text += text;
    else parts.push({ text, differs });
  };
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && same(i, j)) {
      add(leftParts, a[i]!, false);
      add(rightParts, b[j]!, false);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && shared[i + 1]![j]! >= shared[i]![j + 1]!)) {
      add(leftParts, a[i]!, true);
      i += 1;
    } else {
      add(rightParts, b[j]!, true);
      j += 1;
    }
  }
  return [leftParts, rightParts];
}
