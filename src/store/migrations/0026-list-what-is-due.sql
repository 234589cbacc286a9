-- The lists of what is due ask less: of each record what stands in its own row, of cases whether any hold stands at all before whether one is on each; and one
-- record is found by its id, whichever plan is kept for the function.

create function holds_stand() returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from legal_hold h where not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id))
$$;
create function hold_is_on(keys text[], of_agency text, of_feed text) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (
    select from legal_hold h where not exists (select from legal_hold_lifting l where l.legal_hold_id = h.legal_hold_id)
      and case h.kind when 'person' then h.person_keys && keys when 'agency' then h.target = of_agency when 'feed' then h.target = of_feed else false end
  )
$$;

-- An id between itself and itself is looked up in the index; an id that is not given is between the least and the greatest.
create or replace function records_of(of_kind text, which uuid) returns table (record_kind text, record_id uuid, person_key text, holder text, feed text, row_key text, recorded_at timestamptz, last_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = casework, pg_temp as $$
  select 'share-record', s.share_record_id, s.person_key, s.from_agency, null, null, s.recorded_at, added.at, added.at from share_record s
    cross join lateral (select greatest(s.recorded_at, (select max(f.recorded_at) from share_follow_up f where f.share_record_id = s.share_record_id), (select max(v.reviewed_at) from share_review v where v.share_record_id = s.share_record_id)) as at) added
  where of_kind = 'share-record' and s.share_record_id between coalesce(which, '00000000-0000-0000-0000-000000000000') and coalesce(which, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  union all
  select 'subject-access', a.subject_access_id, a.person_key, 'partnership', null, null, a.opened_at, greatest(a.opened_at, steps.at, given.at), greatest(closed.at, given.at) from subject_access a
    cross join lateral (select max(t.done_at) as at from subject_access_step t where t.subject_access_id = a.subject_access_id) steps
    cross join lateral (select max(t.done_at) as at from subject_access_step t where t.subject_access_id = a.subject_access_id and t.kind = 'closing') closed
    cross join lateral (select max(r.released_at) as at from subject_access_release r where r.subject_access_id = a.subject_access_id) given
  where of_kind = 'subject-access' and a.subject_access_id between coalesce(which, '00000000-0000-0000-0000-000000000000') and coalesce(which, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  union all
  select 'correction', c.correction_id, c.person_key, c.holder, c.feed, c.row_key, c.reported_at, greatest(c.reported_at, d.decided_at), d.decided_at from correction c left join correction_decision d using (correction_id)
  where of_kind = 'correction' and c.correction_id between coalesce(which, '00000000-0000-0000-0000-000000000000') and coalesce(which, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
$$;

create or replace function record_is_held(of_kind text, which uuid, keys text[]) returns boolean language sql stable security definer set search_path = casework, pg_temp as $$
  select exists (select from records_of(of_kind, which) r where hold_is_on(keys || r.person_key, r.holder, r.feed))
$$;

create or replace function retention_records(of_kind text, which uuid, ended_before timestamptz, most int) returns table (
  record_id uuid, person_key text, holder text, feed text, row_key text, recorded_at timestamptz, last_at timestamptz, ended_at timestamptz, open boolean, keep_until date, reviewed_at timestamptz, held boolean, destruction_proposal_id uuid
) language sql stable security definer set search_path = casework, pg_temp as $$
  select r.record_id, r.person_key, r.holder, r.feed, r.row_key, r.recorded_at, r.last_at, r.ended_at, r.ended_at is null or (of_kind = 'share-record' and exists (select from case_file f where f.person_key = r.person_key)), v.keep_until, v.reviewed_at, hold_is_on(array[r.person_key], r.holder, r.feed),
    (select p.destruction_proposal_id from destruction_proposal p where p.record_id = r.record_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id))
  from records_of(of_kind, which) r left join lateral (select v.keep_until, v.reviewed_at from retention_review v where v.record_id = r.record_id order by v.reviewed_at desc, v.retention_review_id limit 1) v on true
  where (select is_reader() and reader_role() = 'governance-lead') and (which is not null or r.ended_at < ended_before) and not shut_to_reader(r.person_key)
  order by r.recorded_at, r.record_id limit most
$$;

create or replace function retention_cases(which uuid, most int) returns table (
  case_id uuid, person_key text, holder text, status text, opened_at timestamptz, closed_at timestamptz, last_at timestamptz, keep_until date, reviewed_at timestamptz, held boolean, destruction_proposal_id uuid
) language sql stable security definer set search_path = casework, pg_temp as $$
  select f.case_id, f.person_key, f.holder, f.status, f.opened_at, f.closed_at,
    greatest(f.opened_at, (select max(e.created_at) from case_entry e where e.case_id = f.case_id), (select max(a.added_at) from case_attachment a where a.case_id = f.case_id)),
    v.keep_until, v.reviewed_at, case when (select holds_stand()) then case_is_held(f.case_id, f.holder, array[f.person_key]) else false end,
    (select p.destruction_proposal_id from destruction_proposal p where p.case_id = f.case_id and not exists (select from destruction_refusal x where x.destruction_proposal_id = p.destruction_proposal_id))
  from case_file f left join lateral (select r.keep_until, r.reviewed_at from retention_review r where r.case_id = f.case_id order by r.reviewed_at desc, r.retention_review_id limit 1) v on true
  where (which is null or f.case_id = which) and (select is_reader() and reader_role() = 'governance-lead') and (not f.sealed or coalesce((select reader_access()) ? ('keeps ' || f.person_key), false))
  order by f.opened_at, f.case_id limit most
$$;

revoke execute on function holds_stand, hold_is_on from public;
