-- A case names its person. So whoever opened one, or a list of them, is told of an accepted correction of what says who the person is; of other facts they saw none.
create or replace function push_correction(which uuid, ids text[], names boolean) returns int language plpgsql security definer set search_path = casework, pg_temp as $$
declare
  about correction;
  decided correction_decision;
  made int;
begin
  select * into about from correction c where c.correction_id = which;
  select * into decided from correction_decision d where d.correction_id = which;
  if not found or not is_reader() or reader_role() is distinct from 'governance-lead' or decided.decided_by is distinct from reader_user() or shut_to_reader(about.person_key) then
    raise exception 'Whoever decided tells of it' using errcode = 'insufficient_privilege';
  end if;
  insert into correction_notice (correction_id, person_key, user_id, via, last_at, made_at)
  select which, about.person_key, each.user_id, array_agg(distinct each.via order by each.via), max(each.at), reader_at()
  from (
    select a.actor_id as user_id, case when a.action ~ '\.(export|print|extract)$' then 'export' else 'read' end as via, a.occurred_at as at from audit_event a
    where decided.outcome = 'accepted' and a.subject_ids && ids and a.occurred_at >= about.fact_since and a.outcome = 'done'
      and (a.subject_kind in ('person', 'source-record') and a.action !~ '^(audit|correction|pseudonym)' and (names or a.action !~ '^(person\.search$|person-event|link-)')
        or names and a.action in ('case.list', 'case.view'))
    union all
    select s.recorded_by, 'share', s.recorded_at from share_record s
    where decided.outcome = 'accepted' and s.decision = 'share' and s.person_key = any (ids) and s.decided_on >= (about.fact_since at time zone 'Europe/London')::date
    union all
    select about.reported_by, 'report', about.reported_at
  ) each
  where each.user_id not in (decided.decided_by, 'system')
  group by each.user_id
  on conflict (correction_id, user_id) do nothing;
  get diagnostics made = row_count;
  return made;
end $$;
