// Which rows in quarantine may be about somebody: letters and digits alone are compared, so that no way of writing hides one.

const list = (name: string) => `list_filter(string_split($${name}, chr(10)), lambda needle: needle <> '')`;
const hasAny = (name: string) => `len(list_filter(${list(name)}, lambda needle: contains(flat, needle))) > 0`;

/** Rows {load_id, line, faults, raw} of open rows in which one of $numbers stands, or one of $forenames and one of $surnames; each folded, one on a line. */
export const mayBeTracedSql = (open: string): string => `
  SELECT load_id, line, list_transform(faults, lambda fault: {'column_name': fault.column_name, 'reason': fault.reason}) AS faults, raw
  FROM (SELECT *, regexp_replace(lower(strip_accents(array_to_string(list_transform(raw, lambda cell: coalesce(cell, '')), ' '))), '[^\\p{L}\\p{N}]', '', 'g') AS flat FROM (${open}))
  WHERE ${hasAny('numbers')} OR (${hasAny('forenames')} AND ${hasAny('surnames')})
  ORDER BY load_id, line`;
