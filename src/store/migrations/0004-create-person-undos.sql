-- What people undo of a build's merges and splits. An undo decides, alone and at once, every pair of records that it parts or joins, each in
-- a round of its own. Rows are added, never changed: an undo is withdrawn by a row that names it.

create table person_undo (
  person_undo_id bigint generated always as identity primary key,
  act text not null check (act in ('undo', 'withdraw')),
  event_id bigint not null,
  build text not null check (length(build) between 1 and 100),
  kind text not null check (kind in ('merge', 'split', 'moved')),
  old_key text not null,
  new_key text not null,
  withdraws bigint unique references person_undo,
  reason text not null check (length(reason) between 1 and 1000),
  decided_by text not null check (length(decided_by) between 1 and 200),
  decided_at timestamptz not null,
  check ((act = 'withdraw') = (withdraws is not null))
);
comment on table person_undo is 'Which merges and splits of builds people undid, and why. The application may add and read, never change or remove.';
comment on column person_undo.event_id is 'The event of the snapshot''s person_event; with the build it is found again.';
comment on column person_undo.withdraws is 'An undo that holds no more from here on: the pairs stand as they did before it.';
create index person_undo_event on person_undo (event_id, build);
grant select, insert on person_undo to headwater_app;

alter table link_decision add column person_undo_id bigint references person_undo;
comment on column link_decision.person_undo_id is 'The undo that decided the pair; such a round is settled by one person and holds until the undo is withdrawn.';
create index link_decision_person_undo_id on link_decision (person_undo_id) where person_undo_id is not null;
