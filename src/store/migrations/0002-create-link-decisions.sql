-- What reviewers decide about pairs of records. Rows are added, never changed: a later round supersedes an earlier one, and all stay.

create table link_decision (
  link_decision_id bigint generated always as identity primary key,
  left_source_id text not null check (length(left_source_id) between 1 and 500),
  right_source_id text not null check (length(right_source_id) between 1 and 500),
  review_round smallint not null check (review_round >= 1),
  seat smallint not null check (seat between 1 and 3),
  decision text not null check (decision in ('same', 'different', 'unsure')),
  reason text check (length(reason) between 1 and 1000),
  decided_by text not null check (length(decided_by) between 1 and 200),
  decided_at timestamptz not null,
  check (left_source_id collate "C" < right_source_id collate "C"),
  unique (left_source_id, right_source_id, review_round, seat),
  unique (left_source_id, right_source_id, review_round, decided_by)
);
comment on table link_decision is 'Whether two records are one person, as people decided. The application may add and read, never change or remove.';
comment on column link_decision.review_round is 'A settled pair that is looked at again begins a new round, which supersedes the last one once it settles.';
comment on column link_decision.seat is 'First and second decide without knowledge of each other; the third decides where they do not agree.';
comment on column link_decision.decided_by is 'The person''s id at the identity provider. Nobody decides a pair twice in one round.';
create index link_decision_decided_by on link_decision (decided_by, decided_at);
grant select, insert on link_decision to headwater_app;
