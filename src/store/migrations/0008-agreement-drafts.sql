-- Agreements that somebody is still writing: answers kept until they are saved as a version or thrown away. They bind nobody, so they may be
-- changed and removed, unlike everything that was done to an agreement.

create table agreement_draft (
  agreement_draft_id text primary key check (length(agreement_draft_id) = 36),
  user_id text not null check (length(user_id) between 1 and 200),
  agreement_id text,
  base_version integer check (base_version > 0),
  content jsonb not null,
  revision integer not null check (revision > 0),
  changed_at timestamptz not null,
  check ((agreement_id is null) = (base_version is null))
);
comment on table agreement_draft is 'Agreements in writing, each one person''s own. Saving one adds a version to agreement_event and removes it here.';
comment on column agreement_draft.agreement_id is 'The agreement whose next version this becomes; null for a new agreement.';
comment on column agreement_draft.revision is 'Grows with each change, so that two tabs cannot write over each other unseen.';
create index agreement_draft_user_id on agreement_draft (user_id, changed_at desc);
grant select, insert, update, delete on agreement_draft to headwater_app;
