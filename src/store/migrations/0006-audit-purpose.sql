-- Each row of the audit can say why: the purpose that the reader had stated, and what allowed or refused it. The chain covers both. Rows that have
-- neither keep the content, and so the hash, that they had before.

alter table audit_event
  add column purpose text check (purpose ~ '^[a-z][a-z0-9-]*$' and length(purpose) <= 100),
  add column basis text check (basis ~ '^[A-Za-z0-9][A-Za-z0-9_/. -]*$' and length(basis) <= 2000);
comment on column audit_event.purpose is 'The purpose that the reader had stated for the task: a code of the pack of purposes.';
comment on column audit_event.basis is 'What allowed it: the clauses as "agreement/version/clause", open-data or broken-glass; or the code of the reason for refusing it.';

-- The number of subjects stands before them, so nothing that follows them can be taken for one.
create function audit_text(place bigint, occurred_at timestamptz, actor_id text, action text, outcome text, subject_kind text, subject_ids text[], purpose text, basis text)
returns text language sql immutable as $$
  select audit_text(place, occurred_at, actor_id, action, outcome, subject_kind, subject_ids)
    || case when purpose is null and basis is null then '' else audit_field(purpose) || audit_field(basis) end
$$;

create or replace function chain_audit_event() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare head audit_head;
begin
  select * into strict head from audit_head for update;
  new.place := head.place + 1;
  new.hash := sha256(head.hash || convert_to(audit_text(new.place, new.occurred_at, new.actor_id, new.action, new.outcome, new.subject_kind, new.subject_ids, new.purpose, new.basis), 'UTF8'));
  update audit_head set place = new.place, hash = new.hash;
  return new;
end
$$;
revoke execute on function audit_text(bigint, timestamptz, text, text, text, text, text[], text, text) from public;
