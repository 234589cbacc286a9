// Works an SQL expression out without the engine, to what the engine would say (tested against it): to set one up takes the engine longer
// than to compare hundreds of records with it. Texts stand as their UTF-8 bytes, one character for each, since the engine compares
// bytes. What is not known here, or not surely the same, throws EngineOnly, when it is compiled or when a value shows it.

import { EngineOnly, parseSql, type SqlNode } from './sql-expression.ts';
import { sqlFunctions, typeError, type SqlValue } from './sql-functions.ts';

export { EngineOnly, type SqlValue };

export type Evaluate<Row> = (row: Row) => SqlValue;

type Columns<Row> = (name: string) => Evaluate<Row>;

/** TRUE alone makes a condition hold. */
const compileNode = <Row>(node: SqlNode, columnOf: Columns<Row>): Evaluate<Row> => {
  if (node.kind === 'value') {
    const value = typeof node.value === 'string' ? Buffer.from(node.value).toString('latin1') : node.value;
    return () => value;
  }
  if (node.kind === 'column') return columnOf(node.name);
  if (node.kind === 'lambda') throw new EngineOnly('A lambda stands where a value is expected');
  if (node.kind === 'case') {
    const branches = node.branches.map(({ when, gives }) => ({ when: compileNode(when, columnOf), gives: compileNode(gives, columnOf) }));
    const otherwise = compileNode(node.otherwise, columnOf);
    return (row) => {
      for (const { when, gives } of branches) if (when(row) === true) return gives(row);
      return otherwise(row);
    };
  }
  return compileCall(node.name, node.args, columnOf);
};

/** What may end before all is worked out, or sees NULL otherwise than by giving NULL. */
const special: Record<string, <Row>(args: Evaluate<Row>[]) => Evaluate<Row>> = {
  and: ([a, b]) => (row) => {
    const left = a!(row);
    if (left === false) return false;
    const right = b!(row);
    return right === false ? false : left === null ? null : right;
  },
  or: ([a, b]) => (row) => {
    const left = a!(row);
    if (left === true) return true;
    const right = b!(row);
    return right === true ? true : left === null ? null : right;
  },
  isnull: ([a]) => (row) => a!(row) === null,
  distinct: ([a, b]) => (row) => {
    const [left, right] = [a!(row), b!(row)];
    return left === null || right === null ? left !== right : sqlFunctions['<>']!(left, right);
  },
  coalesce: (args) => (row) => {
    for (const arg of args) {
      const value = arg(row);
      if (value !== null) return value;
    }
    return null;
  },
  nullif: ([a, b]) => (row) => {
    const [left, right] = [a!(row), b!(row)];
    return left !== null && right !== null && sqlFunctions['=']!(left, right) === true ? null : left;
  },
  list: (args) => (row) => args.map((arg) => arg(row)),
  list_append: ([a, b]) => (row) => {
    const [list, value] = [a!(row), b!(row)];
    return Array.isArray(list) ? [...list, value] : typeError('list_append', list);
  },
  least: (args) => (row) => pick(args, row, '<'),
  greatest: (args) => (row) => pick(args, row, '>'),
};

/** The least or greatest of the values that are not NULL. */
function pick<Row>(args: Evaluate<Row>[], row: Row, sign: '<' | '>'): SqlValue {
  let best: SqlValue = null;
  for (const arg of args) {
    const value = arg(row);
    if (value !== null && (best === null || sqlFunctions[sign]!(value, best) === true)) best = value;
  }
  return best;
}

function compileCall<Row>(name: string, args: SqlNode[], columnOf: Columns<Row>): Evaluate<Row> {
  if (name === 'list_transform') return compileTransform(args, columnOf);
  const compiled = args.map((arg) => compileNode(arg, columnOf));
  if (special[name]) return special[name](compiled);
  const known = Object.hasOwn(sqlFunctions, name) ? sqlFunctions[name] : undefined;
  if (!known) throw new EngineOnly(`${name} is not known`);
  const [a, b] = compiled;
  if (compiled.length === 1) return (row) => nullOr(known, a!(row));
  if (compiled.length === 2) {
    return (row) => {
      const left = a!(row);
      if (left === null) return null;
      const right = b!(row);
      return right === null ? null : known(left, right);
    };
  }
  return (row) => {
    const values = compiled.map((arg) => arg(row));
    return values.includes(null) ? null : known(...(values as Exclude<SqlValue, null>[]));
  };
}

const nullOr = (known: (typeof sqlFunctions)[string], value: SqlValue): SqlValue => (value === null ? null : known(value));

/** The lambda's parameter is held beside the row while its body is worked out. */
function compileTransform<Row>([list, lambda]: SqlNode[], columnOf: Columns<Row>): Evaluate<Row> {
  if (!list || lambda?.kind !== 'lambda') throw new EngineOnly('list_transform needs a list and a lambda');
  let held: SqlValue = null;
  const values = compileNode(list, columnOf);
  const body = compileNode<Row>(lambda.body, (name) => (name === lambda.parameter ? () => held : columnOf(name)));
  return (row) => {
    const all = values(row);
    if (all === null) return null;
    if (!Array.isArray(all)) return typeError('list_transform', all);
    return all.map((value) => {
      held = value;
      return body(row);
    });
  };
}

/**
 * An expression as a function of a row.
 * @param columnOf how a column's value is found; throws EngineOnly where it is not known
 * @throws EngineOnly where the expression holds what only the engine can work out
 * @example compileSql<{ age: number }>('age + 1', () => ({ age }) => age)({ age: 2 }) // 3
 */
export const compileSql = <Row>(sql: string, columnOf: Columns<Row>): Evaluate<Row> => compileNode(parseSql(sql), columnOf);
