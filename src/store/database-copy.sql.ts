// The statements that copy the casework of a PostgreSQL server as rows of text, and put such rows back. All run as the owner of the tables.

import { id, text } from './quote-sql.ts';

/** One moment for all that is read. */
export const beginReadSql = 'begin isolation level repeatable read read only';
export const beginWriteSql = 'begin isolation level read committed';

/** The same value is the same text, whatever the server and the login are set to. */
export const plainTextSql = `set local timezone to 'UTC'; set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres'; set local bytea_output to 'hex'; set local extra_float_digits to 1`;

/** Rows {name, columns, key, needs}: tables with the names and types of the columns that are written, the columns of the key, and the tables that foreign keys lead to. Unlogged tables hold what one transaction notes for itself. */
export const tablesSql = `
  select c.relname::text as name,
    (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
    coalesce((select json_agg(a.attname order by k.place) from pg_index i cross join unnest(i.indkey::int2[]) with ordinality as k(number, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number where i.indrelid = c.oid and i.indisprimary), '[]') as key,
    coalesce((select json_agg(distinct o.relname) from pg_constraint f join pg_class o on o.oid = f.confrelid where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '[]') as needs
  from pg_class c where c.relnamespace = 'casework'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p' order by c.relname`;

/** Rows {name}: tables of which a rule of rows may keep some from their owner. */
export const hiddenTablesSql = `
  select c.relname::text as name from pg_class c where c.relnamespace = 'casework'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p' and c.relforcerowsecurity
    and not exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polcmd = '*' and 'headwater_owner'::regrole = any (p.polroles) and pg_get_expr(p.polqual, p.polrelid) = 'true')
    or c.relnamespace = 'casework'::regnamespace and exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive) order by 1`;

/** Rows {name, table_name, column_name}: sequences that columns take their numbers from. */
export const sequencesSql = `
  select s.relname::text as name, t.relname::text as table_name, a.attname::text as column_name
  from pg_class s join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'i' join pg_class t on t.oid = d.refobjid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
  where s.relnamespace = 'casework'::regnamespace and s.relkind = 'S' order by s.relname`;

/** One row {next}: the number that the sequence gives next. */
export const nextNumberSql = (sequence: string): string => `select (case when is_called then last_value + 1 else last_value end)::text as next from casework.${id(sequence)}`;
export const setNextNumberSql = (table: string, column: string, next: string): string => `alter table casework.${id(table)} alter column ${id(column)} restart with ${BigInt(next)}`;

/** Rows {name, enabled}: each trigger that is not a constraint of the server's own, and whether it fires. */
export const triggersSql = `
  select c.relname || '.' || t.tgname as name, t.tgenabled::text as enabled from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'casework'::regnamespace and not t.tgisinternal order by 1`;

export interface CopiedTable {
  name: string;
  columns: { name: string; type: string }[];
  key: string[];
  needs: string[];
}

/** Rows {line}: each row as a JSON list of its values as text, in the order of the key. */
export function declareRowsSql({ name, columns, key }: CopiedTable): string {
  const values = columns.map((column) => `${id(column.name)}::text`).join(', ');
  // By their own order, so that a row stands behind those of its table that it leads to; texts by their bytes, wherever the server stands.
  const typeOf = new Map(columns.map((column) => [column.name, column.type]));
  const ordered = (column: string) => (/^(text|character|"char"|name)/.test(typeOf.get(column) ?? 'text') ? `${id(column)} collate "C"` : id(column));
  const order = key.length > 0 ? key.map(ordered).join(', ') : columns.map((column) => `${id(column.name)}::text collate "C"`).join(', ');
  return `declare rows_copied no scroll cursor for select json_build_array(${values})::text as line from casework.${id(name)} order by ${order}`;
}
export const fetchRowsSql = (rows: number): string => `fetch ${rows} from rows_copied`;
export const closeRowsSql = 'close rows_copied';

/** Of the lines in $1, a JSON list of them. Numbers that columns give themselves are taken as they were. */
export function insertRowsSql({ name, columns }: CopiedTable): string {
  const values = columns.map(({ type }, place) => `(line ->> ${place})::${type}`).join(', ');
  return `insert into casework.${id(name)} (${columns.map((column) => id(column.name)).join(', ')}) overriding system value select ${values} from jsonb_array_elements($1::jsonb) with ordinality as each(line, place) order by place`;
}

export const restTriggersSql = (table: string): string => `alter table casework.${id(table)} disable trigger user`;
export const wakeTriggersSql = (table: string): string => `alter table casework.${id(table)} enable trigger user`;
export const emptySql = (table: string): string => `delete from casework.${id(table)}`;

/** One row {taken}: a table with rows that no migration puts there, or null. */
export const takenTableSql = (tables: readonly string[]): string =>
  `select coalesce(${tables.map((table) => `(select ${text(table)} from casework.${id(table)} limit 1)`).join(', ')}) as taken`;

/** One row {there}: whether the audit has the act that began this backup ($1). */
export const hasBackupSql = `select exists (select from casework.audit_event where action = 'backup.begin' and subject_ids @> array[$1::text]) as there`;
