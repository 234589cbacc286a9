-- Who asked which person stands behind a pseudonym: for which purpose, under which agreement, on what ground, and of whom an answer was given. The
-- audit has the same by ids and codes; the ground is words, so it stands here. An asking that was refused has a row too.

create table reidentification (
  reidentification_id uuid primary key default gen_random_uuid(),
  user_id text not null check (length(user_id) between 1 and 200),
  agency text not null,
  role text not null,
  purpose text not null,
  agreement_id text not null check (length(agreement_id) between 1 and 100),
  ground text not null check (length(ground) between 1 and 1000),
  asked integer not null check (asked > 0),
  person_keys text[] not null check (cardinality(person_keys) <= asked),
  done_at timestamptz not null
);
comment on table reidentification is 'Askings for the persons behind pseudonyms. Rows are added, never changed; the audit has each in the same transaction.';
comment on column reidentification.asked is 'How many pseudonyms were asked for; the keys are of those that an answer was given for.';
create index reidentification_done on reidentification (done_at desc);
create trigger keep before update or delete on reidentification for each row execute function keep_rows();
grant select, insert on reidentification to headwater_app;
