-- What answers a subject access request may have of attached files: also their kind, size and hash, by which each is checked before it is given out.
-- As before only for a request whose asker is checked, and nothing while a seal shuts it.

drop function access_attachments(uuid, text[]);
create function access_attachments(request uuid, keys text[]) returns table (attachment_id uuid, section text, holder text, file_name text, media_type text, bytes bigint, sha256 text, added_at timestamptz) language sql stable security definer set search_path = casework, pg_temp as $$
  select a.attachment_id, a.section, a.holder, a.file_name, a.media_type, a.bytes, a.sha256, a.added_at from case_attachment a where a.person_key = any (keys) and may_answer_access(request, keys) order by a.added_at desc, a.attachment_id
$$;
