-- Information sharing agreements as what was done to them, and what follows from it. Events are added, never changed, by nobody: a later event
-- supersedes an earlier one, and all stay. What agreements give is worked out from them, and written beside each event in one transaction.

create table agreement_event (
  agreement_event_id bigint generated always as identity primary key,
  agreement_id text not null check (agreement_id ~ '^a-[0-9a-f]{12}$'),
  kind text not null check (kind in ('drafted', 'signed', 'withdrawn', 'ended')),
  version int check (version >= 1),
  agency text check (agency ~ '^[a-z][a-z0-9-]*$'),
  content jsonb,
  reason text check (length(reason) between 1 and 1000),
  done_by text not null check (length(done_by) between 1 and 200),
  done_at timestamptz not null,
  check ((kind in ('drafted', 'signed')) = (version is not null)),
  check ((kind in ('signed', 'withdrawn')) = (agency is not null)),
  check ((kind = 'drafted') = (content is not null)),
  check ((kind in ('withdrawn', 'ended')) = (reason is not null))
);
comment on table agreement_event is 'What was done to information sharing agreements, in its order. Added to, never changed or removed; the state of an agreement is worked out from it.';
comment on column agreement_event.version is 'Of a draft, or the version that a signature is of.';
comment on column agreement_event.done_by is 'The person''s id at the identity provider.';
create unique index agreement_event_draft on agreement_event (agreement_id, version) where kind = 'drafted';
create unique index agreement_event_signature on agreement_event (agreement_id, version, agency) where kind = 'signed';
create unique index agreement_event_ending on agreement_event (agreement_id) where kind in ('withdrawn', 'ended');
create index agreement_event_agreement on agreement_event (agreement_id, agreement_event_id);
grant select, insert on agreement_event to headwater_app;

create function refuse_agreement_change() returns trigger language plpgsql as $$
begin
  raise exception 'What was done to an agreement is added to, never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger keep before update or delete on agreement_event for each row execute function refuse_agreement_change();
create trigger keep_all before truncate on agreement_event for each statement execute function refuse_agreement_change();
revoke execute on function refuse_agreement_change from public;

create table access_grant (
  access_grant_id bigint generated always as identity primary key,
  agreement_id text not null,
  version int not null check (version >= 1),
  clause int not null check (clause >= 1),
  agency text not null,
  role text not null,
  purpose text not null,
  holder text not null,
  item text not null check (item like '%/%'),
  form text not null check (form in ('pseudonymised', 'identified')),
  relation text not null check (relation in ('none', 'agency', 'member', 'lead')),
  valid_from timestamptz not null,
  valid_to timestamptz,
  ended_by text not null check (ended_by in ('agreement', 'power')),
  check (valid_to is null or valid_to >= valid_from)
);
comment on table access_grant is 'Who may see which item of whom, for which purpose, from when and before when, under which clause. Worked out from agreement_event and the packs, and made anew when either changes: nothing is decided here.';
comment on column access_grant.item is 'feed/column of a feed, or case/section of a case.';
comment on column access_grant.valid_to is 'The first moment at which it holds no more; null where no end is known.';
comment on column access_grant.ended_by is 'Whether the agreement or a power in law is what ends it.';
create index access_grant_reader on access_grant (agency, role, purpose, item);
create index access_grant_agreement on access_grant (agreement_id);
grant select, insert, delete on access_grant to headwater_app;

create table access_grant_state (
  only_row boolean primary key default true check (only_row),
  made_from bigint not null,
  packs text not null
);
comment on table access_grant_state is 'The last event and the packs from which access_grant was made, so that a start with other packs makes it anew.';
insert into access_grant_state (made_from, packs) values (0, '');
grant select, update on access_grant_state to headwater_app;
