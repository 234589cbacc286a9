-- The first tables of the casework store. The owner makes them; each grant says what the application may do.

create table session (
  key text primary key check (key ~ '^[0-9a-f]{64}$'),
  data jsonb not null,
  started_at timestamptz not null,
  idle_until timestamptz not null,
  expires_at timestamptz not null
);
comment on table session is 'Signed-in sessions by the SHA-256 of the cookie''s secret, so that reading this table lets nobody in.';
comment on column session.data is 'Who is signed in: the identity provider''s id, name, agency and role.';
comment on column session.idle_until is 'The session ends then unless it is used before.';
comment on column session.expires_at is 'The session ends then, whatever happens.';
create index session_ends_at on session (least(idle_until, expires_at));
grant select, insert, update, delete on session to headwater_app;

create table audit_event (
  audit_event_id bigint generated always as identity primary key,
  occurred_at timestamptz not null,
  actor_id text not null check (length(actor_id) between 1 and 200),
  action text not null check (action ~ '^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$'),
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  subject_kind text check (subject_kind ~ '^[a-z][a-z0-9-]*$'),
  subject_ids text[] not null default '{}',
  check (subject_kind is not null or cardinality(subject_ids) = 0)
);
comment on table audit_event is 'Who did what to which records, and when. Ids and codes only, no free text. The application may add and read, never change or remove.';
create index audit_event_occurred_at on audit_event (occurred_at);
create index audit_event_actor_id on audit_event (actor_id, occurred_at);
create index audit_event_subject_ids on audit_event using gin (subject_ids);
grant select, insert on audit_event to headwater_app;
