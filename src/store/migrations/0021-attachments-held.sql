-- Which of these ids are attachments, whoever may see them: the files of an act that was cut off stay or go by it. It tells nothing of what they are.
create function attachments_held(ids uuid[]) returns setof uuid language sql stable security definer set search_path = casework, pg_temp as $$
  select attachment_id from case_attachment where attachment_id = any (ids)
$$;
