-- Each row of the audit takes the next place in a chain: its hash covers the hash of the row before. A row that is changed, removed or moved
-- breaks the chain from there on, whoever did it. The rows that are there already are chained in the order in which they were added.

create table audit_head (
  only_row boolean primary key default true check (only_row),
  place bigint not null,
  hash bytea not null check (octet_length(hash) = 32)
);
comment on table audit_head is 'The last place of the audit''s chain and its hash. Kept by the database itself; the application may only read it.';
insert into audit_head (place, hash) values (0, sha256(convert_to('Headwater audit', 'UTF8')));
grant select on audit_head to headwater_app;

-- A value with its length in bytes before it, so that no two rows can give the same text.
create function audit_field(value text) returns text language sql immutable as $$
  select coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-') || ','
$$;

create function audit_text(place bigint, occurred_at timestamptz, actor_id text, action text, outcome text, subject_kind text, subject_ids text[])
returns text language sql immutable as $$
  select audit_field(place::text) || audit_field(((extract(epoch from occurred_at) * 1000000)::bigint)::text)
    || audit_field(actor_id) || audit_field(action) || audit_field(outcome) || audit_field(subject_kind)
    || audit_field(cardinality(subject_ids)::text)
    || coalesce((select string_agg(audit_field(subject_id), '' order by number) from unnest(subject_ids) with ordinality as each(subject_id, number)), '')
$$;

alter table audit_event add column place bigint, add column hash bytea;

create function chain_audit_event() returns trigger language plpgsql security definer set search_path = casework, pg_temp as $$
declare head audit_head;
begin
  select * into strict head from audit_head for update;
  new.place := head.place + 1;
  new.hash := sha256(head.hash || convert_to(audit_text(new.place, new.occurred_at, new.actor_id, new.action, new.outcome, new.subject_kind, new.subject_ids), 'UTF8'));
  update audit_head set place = new.place, hash = new.hash;
  return new;
end
$$;

do $$
declare
  event audit_event;
  head audit_head;
begin
  select * into strict head from audit_head;
  for event in select * from audit_event order by audit_event_id loop
    head.place := head.place + 1;
    head.hash := sha256(head.hash || convert_to(audit_text(head.place, event.occurred_at, event.actor_id, event.action, event.outcome, event.subject_kind, event.subject_ids), 'UTF8'));
    update audit_event set place = head.place, hash = head.hash where audit_event_id = event.audit_event_id;
  end loop;
  update audit_head set place = head.place, hash = head.hash;
end
$$;

alter table audit_event alter column place set not null, alter column hash set not null, add unique (place);
comment on column audit_event.place is 'The row''s place in the chain: 1, 2, 3 without a gap.';
comment on column audit_event.hash is 'SHA-256 of the hash before and of this row''s content. Set by the database.';
create trigger chain before insert on audit_event for each row execute function chain_audit_event();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit is added to, never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger keep before update or delete on audit_event for each row execute function refuse_audit_change();
create trigger keep_all before truncate on audit_event for each statement execute function refuse_audit_change();
revoke execute on function audit_field, audit_text, chain_audit_event, refuse_audit_change from public;
