-- Decisions to share information about a person with another agency, or to withhold it: what, with whom, for what, on which ground in law, with or
-- without consent, and why. Governed row by row like the tables of 0007: the database decides who reads them, fills in who recorded a row and when,
-- and keeps none that the audit does not tell of. Nothing is changed or removed; what became of it, corrections and reviews are rows beside it.

create table share_record (
  share_record_id uuid primary key default gen_random_uuid(),
  decision text not null check (decision in ('share', 'withhold')),
  person_key text not null check (length(person_key) between 1 and 200),
  items text[] not null check (cardinality(items) <= 100),
  what text not null check (length(what) between 1 and 2000),
  from_agency text not null check (from_agency ~ '^[a-z][a-z0-9-]*$'),
  to_agency text check (to_agency ~ '^[a-z][a-z0-9-]*$'),
  to_other text check (length(to_other) between 1 and 300),
  purpose text not null check (purpose ~ '^[a-z][a-z0-9-]*$'),
  ground text[] not null check (cardinality(ground) <= 50),
  reasons text not null check (length(reasons) between 1 and 4000),
  consent text not null check (consent in ('given', 'refused', 'not-sought')),
  consent_why text check (length(consent_why) between 1 and 2000),
  decided_by text not null check (length(decided_by) between 1 and 200),
  decided_on date not null,
  recorded_by text not null check (length(recorded_by) between 1 and 200),
  recorded_at timestamptz not null,
  sealed boolean not null,
  check (num_nonnulls(to_agency, to_other) = 1),
  check (to_agency is null or to_agency <> from_agency),
  check (decision = 'withhold' or cardinality(ground) > 0),
  -- Without consent, what is shared needs a reason of its own; so does not having asked.
  check (consent_why is not null or consent = 'given' or (consent = 'refused' and decision = 'withhold')),
  check (decided_on <= (recorded_at at time zone 'Europe/London')::date)
);
comment on table share_record is 'Decisions to share, or not to share, information about a person with another agency. Rows are added, never changed.';
comment on column share_record.items is 'Feeds as their names, sections of a case as "case/section"; none where what was asked for is not in Headwater.';
comment on column share_record.from_agency is 'The agency whose decision it is: that of the person who recorded it.';
comment on column share_record.to_other is 'A body outside the partnership, in words.';
comment on column share_record.ground is 'Codes of the pack of legal powers.';
comment on column share_record.decided_by is 'The sign-in of the person who decided, or their office where they have none.';
comment on column share_record.sealed is 'The person''s record is sealed now. A copy, kept by triggers.';
create index share_record_at on share_record (recorded_at desc, share_record_id);
create index share_record_person on share_record (person_key);

create table share_follow_up (
  share_follow_up_id uuid primary key default gen_random_uuid(),
  share_record_id uuid not null references share_record,
  kind text not null check (kind in ('outcome', 'correction')),
  text text not null check (length(text) between 1 and 4000),
  recorded_by text not null,
  recorded_at timestamptz not null
);
comment on table share_follow_up is 'What became of a decision, and what was wrong in its record. Rows are added, never changed.';
create index share_follow_up_record on share_follow_up (share_record_id, recorded_at);

create table share_review (
  share_review_id uuid primary key default gen_random_uuid(),
  share_record_id uuid not null references share_record,
  outcome text not null check (outcome in ('sound', 'not-sound', 'follow-up')),
  note text not null check (length(note) between 1 and 2000),
  reviewed_by text not null,
  reviewed_at timestamptz not null
);
comment on table share_review is 'What an information governance lead found of a decision that somebody else took and recorded. The newest counts.';
create index share_review_record on share_review (share_record_id, reviewed_at);

create function fill_share() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  case tg_table_name
    when 'share_record' then
      perform pg_advisory_xact_lock(hashtextextended('seal ' || new.person_key, 0));
      if reader_user() is not null then
        new.from_agency := coalesce(reader_agency(), '');
        new.decided_by := coalesce(new.decided_by, reader_user());
        new.recorded_by := reader_user(); new.recorded_at := reader_at();
      end if;
      new.sealed := is_sealed(new.person_key);
    when 'share_follow_up' then
      if reader_user() is not null then new.recorded_by := reader_user(); new.recorded_at := reader_at(); end if;
    when 'share_review' then
      if reader_user() is not null then new.reviewed_by := reader_user(); new.reviewed_at := reader_at(); end if;
  end case;
  return new;
end $$;
create trigger fill before insert on share_record for each row execute function fill_share();
create trigger fill before insert on share_follow_up for each row execute function fill_share();
create trigger fill before insert on share_review for each row execute function fill_share();

create function follow_seal_of_shares() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare who text;
begin
  select person_key into strict who from sealed_subject where sealed_subject_id = new.sealed_subject_id;
  perform pg_advisory_xact_lock(hashtextextended('seal ' || who, 0));
  update share_record set sealed = is_sealed(who) where person_key = who;
  return null;
end $$;
create trigger follow_shares after insert on sealed_subject for each row execute function follow_seal_of_shares();
create trigger follow_shares after insert on seal_lifting for each row execute function follow_seal_of_shares();

-- The copy alone may follow its seal.
create function keep_share_record() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - 'sealed' = to_jsonb(old) - 'sealed' then return new; end if;
  end if;
  raise exception 'These rows are added, never changed or removed' using errcode = 'insufficient_privilege';
end $$;
create trigger keep before update or delete on share_record for each row execute function keep_share_record();
create trigger keep before update or delete on share_follow_up for each row execute function keep_rows();
create trigger keep before update or delete on share_review for each row execute function keep_rows();

create function share_is_audited() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
begin
  if not exists (select from audit_event a where a.subject_ids @> array[new.share_record_id::text] and a.action = 'share.record' and a.outcome = 'done' and a.actor_id = new.recorded_by) then
    raise exception 'The decision cannot be kept: the audit does not say so' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create constraint trigger audited after insert on share_record deferrable initially deferred for each row execute function share_is_audited();

do $$
declare each text;
begin
  foreach each in array array['share_record', 'share_follow_up', 'share_review'] loop
    execute format('alter table %I enable row level security, force row level security', each);
    execute format('create policy keep_whole on %I to headwater_owner using (true) with check (true)', each);
  end loop;
end $$;

-- Information governance leads read all; those whose work is with people, what they recorded, what they coordinate for their agency, and what is about
-- people whose cases they work on and their agency gave or was given. Of a sealed person, keepers alone.
create policy read on share_record for select to headwater_app using (
  (select is_reader()) and (not sealed or (select reader_access()) ? ('keeps ' || person_key))
  and ((select reader_role()) = 'governance-lead'
    or ((select reader_role()) in ('hub-coordinator', 'lead-practitioner', 'referrer') and (
      (from_agency = (select reader_agency()) and recorded_by = (select reader_user()))
      or ((select reader_purpose()) is not null and from_agency = (select reader_agency()) and ((select reader_role()) = 'hub-coordinator' or reader_relation(array[person_key]) in ('member', 'lead')))
      or ((select reader_purpose()) is not null and to_agency = (select reader_agency()) and decision = 'share' and reader_relation(array[person_key]) in ('member', 'lead'))
    )))
);
create policy add on share_record for insert to headwater_app with check (
  (select is_reader()) and (not sealed or (select reader_access()) ? ('keeps ' || person_key))
  and (select reader_role()) in ('hub-coordinator', 'lead-practitioner', 'referrer', 'governance-lead')
);
-- Those who were given information see that and why; what the giving agency made of it since, and what a review found, stays with it.
create policy read on share_follow_up for select to headwater_app using (exists (
  select from share_record r where r.share_record_id = share_follow_up.share_record_id and ((select reader_role()) = 'governance-lead' or r.from_agency = (select reader_agency()))
));
create policy add on share_follow_up for insert to headwater_app with check (exists (
  select from share_record r where r.share_record_id = share_follow_up.share_record_id and r.from_agency = (select reader_agency())
));
create policy read on share_review for select to headwater_app using (exists (
  select from share_record r where r.share_record_id = share_review.share_record_id and ((select reader_role()) = 'governance-lead' or r.from_agency = (select reader_agency()))
));
create policy add on share_review for insert to headwater_app with check ((select reader_role()) = 'governance-lead' and exists (
  select from share_record r where r.share_record_id = share_review.share_record_id and r.recorded_by <> (select reader_user()) and r.decided_by <> (select reader_user())
));

grant select (share_record_id, decision, person_key, items, what, from_agency, to_agency, to_other, purpose, ground, reasons, consent, consent_why, decided_by, decided_on, recorded_by, recorded_at),
  insert (decision, person_key, items, what, to_agency, to_other, purpose, ground, reasons, consent, consent_why, decided_by, decided_on) on share_record to headwater_app;
grant select, insert (share_record_id, kind, text) on share_follow_up to headwater_app;
grant select, insert (share_record_id, outcome, note) on share_review to headwater_app;
revoke execute on function fill_share, follow_seal_of_shares, keep_share_record, share_is_audited from public;
