-- Keeping and destroying files that agencies sent, as cases are: the same decisions, proposals, refusals and certificates, numbered in one series. The
-- database knows a file by its load alone: its id, feed, agency, rows, days and SHA-256, never what is in it.

alter table retention_review alter column case_id drop not null, add column load_id text check (load_id ~ '^[a-z0-9-]+/[0-9]{6}-[0-9a-f]{12}$'), add check (num_nonnulls(case_id, load_id) = 1);
create index retention_review_load on retention_review (load_id, reviewed_at desc) where load_id is not null;
comment on table retention_review is 'Decisions to keep a case or a loaded file that was due, until a day, and why. The newest counts.';
comment on column retention_review.load_id is 'The load of a file, FEED/NNNNNN-SHA12; null where it is about a case.';

alter table destruction_proposal alter column case_id drop not null,
  add column load_id text check (load_id ~ '^[a-z0-9-]+/[0-9]{6}-[0-9a-f]{12}$'),
  add column feed text check (feed ~ '^[a-z0-9-]+$'),
  add column loads text[] check (cardinality(loads) between 1 and 10000),
  add column load_rows bigint check (load_rows >= 0),
  add column first_on date,
  add column last_on date,
  add check (num_nonnulls(case_id, load_id) = 1),
  add check (num_nonnulls(load_id, feed, loads, load_rows, first_on, last_on) in (0, 6)),
  add check (load_id is null or (split_part(load_id, '/', 1) = feed and loads[1] = load_id and first_on <= last_on));
create index destruction_proposal_load on destruction_proposal (load_id) where load_id is not null;
comment on table destruction_proposal is 'Cases and loaded files that somebody proposed to destroy. Another person confirms or refuses; what changed since is not destroyed.';
comment on column destruction_proposal.sha256 is 'Of all that the case held when it was proposed, see case_digest(); of a loaded file, of the file as it came.';
comment on column destruction_proposal.loads is 'The load of the file, and those of its rows that were tried again.';

alter table destruction_certificate alter column case_id drop not null,
  add column load_id text unique,
  add column feed text,
  add column loads text[],
  add check (num_nonnulls(case_id, load_id) = 1),
  add check (num_nonnulls(load_id, feed, loads) in (0, 3));
comment on column destruction_certificate.loads is 'Of a loaded file: its load, and those of its rows that were tried again.';
comment on column legal_hold.target is 'A person''s key, the id of a case, the code of an agency (all cases that it holds or wrote in, and all files of its feeds) or the code of a feed.';

create function load_is_held(of_feed text, of_agency text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (
    select from legal_hold h where not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)
      and case h.kind when 'feed' then h.target = of_feed when 'agency' then h.target = of_agency else false end
  )
$$;

-- Why a file may not be destroyed now; null where it may.
create function load_hindrance(which text, of_feed text, of_agency text) returns text language plpgsql stable security definer set search_path = casework, pg_temp as $$
begin
  if not coalesce(is_reader() and reader_role() = 'governance-lead', false) or exists (select from destruction_certificate c where c.load_id = which) then return 'not-there'; end if;
  if load_is_held(of_feed, of_agency) then return 'held'; end if;
  if exists (select from retention_review r where r.load_id = which and r.keep_until >= (reader_at() at time zone 'Europe/London')::date
    and not exists (select from retention_review n where n.load_id = which and n.reviewed_at > r.reviewed_at)) then return 'kept'; end if;
  return null;
end $$;

-- Keys of people under a hold, whoever may know of it: a file in which they have rows stays, and nobody is told of whom.
create function held_person_keys() returns setof text language sql stable security definer set search_path = casework, pg_temp as $$
  select distinct k from legal_hold h, unnest(h.person_keys) k
  where is_reader() and reader_role() = 'governance-lead' and h.kind = 'person' and not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)
$$;

-- Loads that are destroyed, whoever asks: their files go by it.
create function destroyed_loads() returns table (load_id text, sha256 text, destroyed_at timestamptz) language sql stable security definer set search_path = casework, pg_temp as $$
  select l, c.sha256, c.confirmed_at from destruction_certificate c, unnest(c.loads) l order by c.certificate_number, l
$$;

create or replace function fill_retention() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare file case_file;
begin
  perform lock_retention();
  case tg_table_name
    when 'legal_hold' then
      if reader_user() is not null then new.placed_by := reader_user(); new.placed_at := reader_at(); end if;
      if new.kind = 'case' and not exists (select from case_file f where f.case_id::text = new.target and (reader_user() is null or retention_sees(f.case_id))) then
        raise exception 'There is no such case' using errcode = 'insufficient_privilege';
      end if;
    when 'legal_hold_lifting' then
      if reader_user() is not null then new.lifted_by := reader_user(); new.lifted_at := reader_at(); end if;
    when 'retention_review' then
      if reader_user() is not null then new.reviewed_by := reader_user(); new.reviewed_at := reader_at(); end if;
      if new.load_id is null then
        if not exists (select from case_file f where f.case_id = new.case_id) then raise exception 'There is no such case' using errcode = 'insufficient_privilege'; end if;
      elsif exists (select from destruction_certificate c where c.load_id = new.load_id) then
        raise exception 'There is no such load' using errcode = 'insufficient_privilege';
      end if;
    when 'destruction_proposal' then
      if reader_user() is not null then new.proposed_by := reader_user(); new.proposed_at := reader_at(); end if;
      if new.load_id is null then
        select * into file from case_file f where f.case_id = new.case_id for update;
        if destruction_hindrance(new.case_id, '{}') is not null or exists (select from destruction_proposal p where p.case_id = new.case_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id)) then
          raise exception 'This cannot be proposed' using errcode = 'insufficient_privilege';
        end if;
        new.holder := file.holder;
        new.sha256 := case_digest(new.case_id);
      elsif load_hindrance(new.load_id, new.feed, new.holder) is not null or exists (select from destruction_proposal p where p.load_id = new.load_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id)) then
        raise exception 'This cannot be proposed' using errcode = 'insufficient_privilege';
      end if;
    when 'destruction_refusal' then
      if reader_user() is not null then new.refused_by := reader_user(); new.refused_at := reader_at(); end if;
      if exists (select from destruction_certificate c where c.destruction_proposal_id = new.destruction_proposal_id) then raise exception 'It is destroyed' using errcode = 'insufficient_privilege'; end if;
    when 'destruction_certificate' then
      if new.load_id is null then
        select f.* into file from case_file f where f.case_id = new.case_id;
        if case_is_held(new.case_id, file.holder, array[file.person_key]) then raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege'; end if;
      elsif load_is_held(new.feed, new.holder) then
        raise exception 'A legal hold is on it' using errcode = 'insufficient_privilege';
      end if;
      if not exists (select from destruction_proposal p where p.destruction_proposal_id = new.destruction_proposal_id and (p.case_id, p.load_id, p.feed, p.loads, p.proposed_by, p.sha256) is not distinct from (new.case_id, new.load_id, new.feed, new.loads, new.proposed_by, new.sha256)) then
        raise exception 'The certificate is not of its proposal' using errcode = 'insufficient_privilege';
      end if;
  end case;
  return new;
end $$;

-- Makes the certificate of a proposal about a file: "done" with its number, or why not, and then nothing has changed. From then on its files go.
-- `parts`: the loads that are the file's now.
create function destroy_load(proposal uuid, parts text[], other_copies text[]) returns table (outcome text, certificate bigint) language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  p destruction_proposal;
  next_number bigint;
  hindrance text;
begin
  if not coalesce(is_reader() and reader_role() = 'governance-lead', false) then raise exception 'Only an information governance lead destroys' using errcode = 'insufficient_privilege'; end if;
  perform lock_retention();
  select * into p from destruction_proposal d where d.destruction_proposal_id = proposal and d.load_id is not null and not exists (select from destruction_refusal x where x.destruction_proposal_id = proposal);
  if not found then return query select 'not-there', null::bigint; return; end if;
  if p.proposed_by = reader_user() then return query select 'same-person', null::bigint; return; end if;
  hindrance := load_hindrance(p.load_id, p.feed, p.holder);
  if hindrance is null and (p.loads <> parts or exists (select from retention_review r where r.load_id = p.load_id and r.reviewed_at >= p.proposed_at)) then hindrance := 'changed'; end if;
  if hindrance is not null then return query select hindrance, null::bigint; return; end if;

  select coalesce(max(c.certificate_number), 0) + 1 into next_number from destruction_certificate c;
  insert into destruction_certificate (certificate_number, destruction_proposal_id, load_id, feed, loads, holder, schedule, schedule_words, due_on, reason, counts, first_on, last_on, sha256, copies, proposed_by, proposed_at, confirmed_by, confirmed_at)
  values (next_number, proposal, p.load_id, p.feed, p.loads, p.holder, p.schedule, p.schedule_words, p.due_on, p.reason, jsonb_build_array(jsonb_build_object('kind', 'row', 'section', null, 'agency', p.holder, 'rows', p.load_rows)), p.first_on, p.last_on, p.sha256, other_copies, p.proposed_by, p.proposed_at, reader_user(), reader_at());
  return query select 'done', next_number;
end $$;

grant insert (load_id) on retention_review to headwater_app;
grant insert (load_id, feed, loads, load_rows, first_on, last_on, holder, sha256) on destruction_proposal to headwater_app;
revoke execute on function load_is_held from public;
