// The statements that prepare a casework store: its lock, its two roles, its schemas and the list of migrations run.
// They run as they are on PGlite and on PostgreSQL 16 or later. Roles are made only where they are missing, so that a
// login without the right to make roles can migrate once an administrator has made them.

/** One migrator at a time in a database. The number is arbitrary and must never change. */
export const lockMigrationsSql = 'select pg_advisory_lock(7206431881525113)';
export const unlockMigrationsSql = 'select pg_advisory_unlock(7206431881525113)';

/** Waits a minute at most for another migrator, or for a table that is in use. */
export const patienceSql = "set lock_timeout to '60s'";
export const impatienceSql = 'reset lock_timeout';

/** One row {version}: 180004 for PostgreSQL 18.4. */
export const serverVersionSql = "select current_setting('server_version_num')::int as version";

/** One row {casework, jobs}: whether each table that records a version is there. */
export const recordedVersionsSql = `
  select to_regclass('casework.migration') is not null as casework, to_regclass('pgboss.version') is not null as jobs`;

export const appliedMigrationsSql = 'select name, checksum from casework.migration order by name';
export const jobsVersionSql = 'select version from pgboss.version';

/** The owner and the application role, without a login of their own. Two databases of one server may ask at once. */
export const makeRolesSql = `
  do $$
  declare wanted text;
  begin
    foreach wanted in array array['headwater_owner', 'headwater_app'] loop
      if not exists (select from pg_roles where rolname = wanted) then
        begin
          execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then
          null;
        end;
      end if;
    end loop;
    if not pg_has_role(current_user, 'headwater_owner', 'SET') then
      execute format('grant headwater_owner to %I', current_user);
    end if;
  end
  $$`;

/** One row {statement} where the login ($1) may not yet become the application role; none where it may. */
export const grantAppRoleSql = `
  select format('grant headwater_app to %I', rolname) as statement
  from pg_roles where rolname = $1 and not pg_has_role(oid, 'headwater_app', 'SET')`;

export const makeSchemasSql = `
  do $$
  begin
    if to_regnamespace('casework') is null then
      create schema casework authorization headwater_owner;
    end if;
    if to_regnamespace('pgboss') is null then
      create schema pgboss authorization headwater_owner;
    end if;
  end
  $$`;

/** PGlite has no background workers, so there the application tidies up by itself. */
export const letTidySql = 'grant pg_checkpoint, pg_maintain to headwater_app';
export const vacuumSql = 'vacuum';
export const checkpointSql = 'checkpoint';

export const becomeOwnerSql = 'set role headwater_owner; set search_path to casework, pg_temp';
export const becomeApplicationSql = 'set role headwater_app; set search_path to casework, pg_temp';
/** Ends a transaction that failed, too; outside one, the rollback does nothing. */
export const becomeLoginSql = 'rollback; reset role; reset search_path';

/** As the owner: the list of migrations, and what the application may do in the job queue's schema. */
export const makeMigrationListSql = `
  create table if not exists casework.migration (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null
  );
  comment on table casework.migration is 'The migrations that have run, each with the SHA-256 of its file. Forward only.';
  comment on schema casework is 'Headwater''s casework store. Owned by headwater_owner; used by headwater_app.';
  grant usage on schema casework to headwater_app;
  grant select on casework.migration to headwater_app;
  grant usage on schema pgboss to headwater_app;
  alter default privileges in schema pgboss grant select, insert, update, delete on tables to headwater_app;
  alter default privileges in schema pgboss grant usage, select on sequences to headwater_app`;

export const recordMigrationSql = 'insert into casework.migration (name, checksum, applied_at) values ($1, $2, $3)';

/** One row {role, migrations}: as whom the application asks, and how many migrations it sees. */
export const whoAmISql = 'select current_user::text as role, (select count(*)::int from casework.migration) as migrations';

/** One row {version, mayOwn, migrations, waiting, failed} for a check of the store's health. */
export const healthSql = `
  select current_setting('server_version') as version,
         pg_has_role(session_user, 'headwater_owner', 'SET') as "mayOwn",
         (select count(*)::int from casework.migration) as migrations,
         (select count(*)::int from pgboss.job where state < 'active') as waiting,
         (select count(*)::int from pgboss.job where state = 'failed') as failed`;
