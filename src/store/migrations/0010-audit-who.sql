-- Each row of the audit can say as what somebody acted: the codes of their agency and role at that moment, and flags that help people to look, such
-- as that a record bore the reader's own name. The chain covers all three. Rows that have none keep the content, and so the hash, that they had.

alter table audit_event
  add column actor_agency text check (actor_agency ~ '^[a-z][a-z0-9-]*$' and length(actor_agency) <= 100),
  add column actor_role text check (actor_role ~ '^[a-z][a-z0-9-]*$' and length(actor_role) <= 100),
  add column flags text check (flags ~ '^[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)*$' and length(flags) <= 200);
comment on column audit_event.actor_agency is 'Code of the agency that the person came from then; null where the partnership knows none of that name.';
comment on column audit_event.actor_role is 'Code of the role that the person had then.';
comment on column audit_event.flags is 'Codes with a space between, noted at the moment of a read: own-name, own-address, no-relation. Never the name itself.';

-- After the subjects stand no value, two (0006) or five: no row of one kind can be taken for one of another.
create function audit_text(place bigint, occurred_at timestamptz, actor_id text, action text, outcome text, subject_kind text, subject_ids text[], purpose text, basis text, actor_agency text, actor_role text, flags text)
returns text language sql immutable as $$
  select case when actor_agency is null and actor_role is null and flags is null
    then audit_text(place, occurred_at, actor_id, action, outcome, subject_kind, subject_ids, purpose, basis)
    else audit_text(place, occurred_at, actor_id, action, outcome, subject_kind, subject_ids)
      || audit_field(purpose) || audit_field(basis) || audit_field(actor_agency) || audit_field(actor_role) || audit_field(flags)
  end
$$;

create or replace function chain_audit_event() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare head audit_head;
begin
  select * into strict head from audit_head for update;
  new.place := head.place + 1;
  new.hash := sha256(head.hash || convert_to(audit_text(new.place, new.occurred_at, new.actor_id, new.action, new.outcome, new.subject_kind, new.subject_ids, new.purpose, new.basis, new.actor_agency, new.actor_role, new.flags), 'UTF8'));
  update audit_head set place = new.place, hash = new.hash;
  return new;
end
$$;
revoke execute on function audit_text(bigint, timestamptz, text, text, text, text, text[], text, text, text, text, text) from public;

create table audit_signal_review (
  audit_signal_review_id bigint generated always as identity primary key,
  rule text not null check (rule ~ '^[a-z][a-z0-9-]*$' and length(rule) <= 100),
  actor_id text not null check (length(actor_id) between 1 and 200),
  day date not null,
  outcome text not null check (outcome in ('expected', 'follow-up')),
  note text not null check (length(note) between 1 and 1000),
  reviewed_by text not null check (length(reviewed_by) between 1 and 200),
  reviewed_at timestamptz not null,
  check (reviewed_by <> actor_id)
);
comment on table audit_signal_review is 'What an information governance lead found of something in the audit that looked unusual. Rows are added, never changed; the newest counts. Nobody reviews their own.';
create index audit_signal_review_signal on audit_signal_review (day, rule, actor_id);
create trigger keep before update or delete on audit_signal_review for each row execute function keep_rows();
grant select, insert on audit_signal_review to headwater_app;
