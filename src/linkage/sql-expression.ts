// The words of an SQL expression, and how they hang together: a tree for what comparisons, keys and cleaning are written in. What is not
// understood throws, so that the engine is asked instead.

/** An expression, or a part of it, that only the engine can work out. */
export class EngineOnly extends Error {}

export type SqlNode =
  | { kind: 'value'; value: string | number | boolean | null }
  | { kind: 'column'; name: string }
  | { kind: 'call'; name: string; args: SqlNode[] }
  | { kind: 'lambda'; parameter: string; body: SqlNode }
  | { kind: 'case'; branches: { when: SqlNode; gives: SqlNode }[]; otherwise: SqlNode };

type Token = { kind: 'number' | 'text' | 'name' | 'sign' | 'end'; text: string };

const token = /\s*(?:(?<number>\d+(?:\.\d+)?(?![\w.]))|'(?<text>(?:[^']|'')*)'|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?|"[^"]+")|(?<sign><>|<=|>=|\/\/|\|\||::|[-+*%=<>(),[\]:]))/y;

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const end = sql.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const found = token.exec(sql)?.groups;
    if (!found) throw new EngineOnly(`Not understood: ${sql.slice(from, from + 20)}`);
    const [kind, text] = Object.entries(found).find(([, value]) => value !== undefined)! as [Token['kind'], string];
    tokens.push({ kind, text: kind === 'text' ? text.replaceAll("''", "'") : text });
  }
  return [...tokens, { kind: 'end', text: '' }];
}

const comparing = new Set(['=', '<>', '<', '<=', '>', '>=']);

/**
 * The tree of an expression. An operator is a call of its sign; BETWEEN, IN and coalesce become what they stand for.
 * @throws EngineOnly where it holds anything else
 */
export function parseSql(sql: string): SqlNode {
  const tokens = tokensOf(sql);
  let at = 0;
  const call = (name: string, ...args: SqlNode[]): SqlNode => ({ kind: 'call', name, args });
  const is = (word: string): boolean => {
    const { kind, text } = tokens[at]!;
    return kind === 'sign' ? text === word : kind === 'name' && text.toUpperCase() === word;
  };
  const skip = (...words: string[]): boolean => {
    if (!words.every((_, i) => tokens[at + i] !== undefined)) return false;
    const from = at;
    for (const word of words) {
      if (!is(word)) {
        at = from;
        return false;
      }
      at += 1;
    }
    return true;
  };
  const need = (word: string): void => {
    if (!skip(word)) throw new EngineOnly(`${word} expected instead of ${tokens[at]!.text}`);
  };
  const listTo = (end: string): SqlNode[] => {
    const list: SqlNode[] = [];
    if (skip(end)) return list;
    do list.push(either());
    while (skip(','));
    need(end);
    return list;
  };
  const choice = (): SqlNode => {
    const branches: { when: SqlNode; gives: SqlNode }[] = [];
    while (skip('WHEN')) {
      const when = either();
      need('THEN');
      branches.push({ when, gives: either() });
    }
    const otherwise: SqlNode = skip('ELSE') ? either() : { kind: 'value', value: null };
    need('END');
    return { kind: 'case', branches, otherwise };
  };
  const named = (text: string): SqlNode => {
    const word = text.toUpperCase();
    if (word === 'CASE') return choice();
    if (word === 'NULL') return { kind: 'value', value: null };
    if (word === 'TRUE' || word === 'FALSE') return { kind: 'value', value: word === 'TRUE' };
    if (word === 'LAMBDA') {
      const parameter = tokens[at++]!.text;
      need(':');
      return { kind: 'lambda', parameter, body: either() };
    }
    if (word === 'DATE' && tokens[at]!.kind === 'text') return call('date', { kind: 'value', value: tokens[at++]!.text });
    if (skip('(')) return call(text.toLowerCase(), ...listTo(')'));
    return { kind: 'column', name: text.replaceAll('"', '') };
  };
  const single = (): SqlNode => {
    const { kind, text } = tokens[at++]!;
    if (kind === 'number') return { kind: 'value', value: Number(text) };
    if (kind === 'text') return { kind: 'value', value: text };
    if (kind === 'name') return named(text);
    if (text === '-') return call('-', { kind: 'value', value: 0 }, placed());
    if (text === '[') return call('list', ...listTo(']'));
    if (text !== '(') throw new EngineOnly(`Not understood: ${text}`);
    const inner = either();
    need(')');
    return inner;
  };
  const placed = (): SqlNode => {
    let node = single();
    for (;;) {
      if (skip('[')) {
        node = call('element', node, either());
        need(']');
      } else if (skip('::')) node = call('cast', node, { kind: 'value', value: tokens[at++]!.text.toUpperCase() });
      else return node;
    }
  };
  const leftOf = (signs: ReadonlySet<string>, next: () => SqlNode): (() => SqlNode) => () => {
    let node = next();
    while (tokens[at]!.kind === 'sign' && signs.has(tokens[at]!.text)) node = call(tokens[at++]!.text, node, next());
    return node;
  };
  const times = leftOf(new Set(['*', '%', '//']), placed);
  const sum = leftOf(new Set(['+', '-']), times);
  const joined = leftOf(new Set(['||']), sum);
  const among = (): SqlNode => {
    const node = joined();
    const not = skip('NOT');
    let found: SqlNode;
    if (skip('BETWEEN')) {
      const least = joined();
      need('AND');
      found = call('and', call('>=', node, least), call('<=', node, joined()));
    } else if (skip('IN')) {
      need('(');
      found = listTo(')').map((one) => call('=', node, one)).reduce((all, one) => call('or', all, one));
    } else {
      if (not) throw new EngineOnly('NOT expected before BETWEEN or IN alone');
      return node;
    }
    return not ? call('not', found) : found;
  };
  const compared = leftOf(comparing, among);
  const tested = (): SqlNode => {
    let node = compared();
    for (;;) {
      if (skip('IS', 'NOT', 'NULL')) node = call('not', call('isnull', node));
      else if (skip('IS', 'NULL')) node = call('isnull', node);
      else if (skip('IS', 'DISTINCT', 'FROM')) node = call('distinct', node, compared());
      else return node;
    }
  };
  const denied = (): SqlNode => (skip('NOT') ? call('not', denied()) : tested());
  const both = (): SqlNode => {
    let node = denied();
    while (skip('AND')) node = call('and', node, denied());
    return node;
  };
  function either(): SqlNode {
    let node = both();
    while (skip('OR')) node = call('or', node, both());
    return node;
  }
  const node = either();
  if (tokens[at]!.kind !== 'end') throw new EngineOnly(`Not understood: ${tokens[at]!.text}`);
  return node;
}
