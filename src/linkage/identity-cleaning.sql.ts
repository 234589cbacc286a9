// How is an identifying value written in one way? SQL expressions that clean names, dates, addresses and numbers, and turn
// placeholders ("unknown", "baby", 01/01/1900, NFA) into NULL. Letters of every script are kept. Limits: British usage.

const titles = 'mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|reverend|sir|lady|lord|dame|master|sgt|pc|cllr|hon';
const placeholders = [
  'unknown', 'unk', 'unkn', 'not known', 'notknown', 'nk', 'n k', 'none', 'null', 'nil', 'na', 'n a', 'not given', 'not stated', 'not recorded', 'not provided',
  'refused', 'withheld', 'anon', 'anonymous', 'no name', 'noname', 'tbc', 'tba', 'test', 'dummy', 'xx', 'xxx', 'xxxx', 'x x', 'zz', 'zzz', 'male', 'female', 'man', 'woman',
  'boy', 'girl', 'infant', 'newborn', 'baby', 'baby boy', 'baby girl', 'twin', 'twin one', 'twin two', 'unnamed', 'foetus', 'deceased', 'patient', 'person', 'unidentified',
];
const particles = 'mc|mac|o|d|de|da|del|della|di|du|la|le|van|von|der|den|ter|al|el|bin|ibn|ben|bint|abu|st|saint|san|ap|ab|fitz|ni';

/** Names a value inside an expression, so that it is written once and worked out once. */
const letSql = (name: string, value: string, expression: string): string => `list_transform([${value}], lambda ${name}: ${expression})[1]`;

const list = (values: string[]) => values.map((value) => `'${value}'`).join(', ');

/** Small letters, no accents, apostrophes closed up, everything but letters turned to single spaces. */
export const lettersSql = (value: string): string =>
  `trim(regexp_replace(replace(replace(replace(lower(strip_accents(${value})), '''', ''), '’', ''), '\`', ''), '[^\\p{L}\\p{M}]+', ' ', 'g'))`;

/** The name without titles; NULL where it is a placeholder. */
export function nameSql(value: string): string {
  const bare = `trim(regexp_replace(${lettersSql(value)}, '^((${titles}) +)+', ''))`;
  const empty = `n IN ('', ${list(placeholders)}) OR regexp_matches(n, '^(baby|infant|unknown|unborn|twin) (of )?\\p{L}+( \\p{L}+)?$')`;
  return letSql('n', bare, `CASE WHEN ${empty} THEN NULL ELSE n END`);
}

/** A forename: a name that is no title by itself ("sir", "mrs"). */
export const forenameSql = (value: string): string => letSql('f', nameSql(value), `CASE WHEN regexp_matches(f, '^(${titles})$') THEN NULL ELSE f END`);

/** "van der berg" → "vanderberg", "o neill" → "oneill": particles are joined to the word that follows. */
export const joinParticlesSql = (value: string): string =>
  `regexp_replace(regexp_replace(${value}, '\\b(${particles}) ', '\\1', 'g'), '\\b(${particles}) ', '\\1', 'g')`;

/** M, F or NULL. */
export const sexSql = (value: string): string =>
  `(CASE WHEN regexp_matches(upper(trim(${value})), '^(M|MALE|1)$') THEN 'M' WHEN regexp_matches(upper(trim(${value})), '^(F|FEMALE|2)$') THEN 'F' END)`;

/** A date as yyyymmdd; the first day of 1800, 1900 or 1901, and years outside 1000 to 2999, stand for "not known". */
export const dateSql = (value: string): string =>
  `(CASE WHEN year(${value}) BETWEEN 1000 AND 2999 AND ${value} NOT IN (DATE '1800-01-01', DATE '1900-01-01', DATE '1901-01-01') THEN (year(${value}) * 10000 + month(${value}) * 100 + day(${value}))::INTEGER END)`;

/** Capitals and digits only; NULL for "no fixed abode" and other placeholders. */
export function postcodeSql(value: string): string {
  const empty = `p IN ('', 'NFA', 'NK', 'NA', 'UNKNOWN', 'NOTKNOWN', 'NONE', 'NULL', 'XX', 'XXX', '0', '0000', '9999') OR starts_with(p, 'ZZ99')`;
  return letSql('p', `upper(regexp_replace(${value}, '[^A-Za-z0-9]+', '', 'g'))`, `CASE WHEN ${empty} THEN NULL ELSE p END`);
}

/** The sector of a cleaned British postcode ("LU11AA" → "LU11"), else NULL. */
export const sectorSql = (cleaned: string): string => `nullif(regexp_extract(${cleaned}, '^([A-Z]{1,2}\\d[A-Z\\d]?\\d)[A-Z]{2}$', 1), '')`;
/** The district of a cleaned British postcode ("LU11AA" → "LU1"), else NULL. */
export const districtSql = (cleaned: string): string => `nullif(regexp_extract(${cleaned}, '^([A-Z]{1,2}\\d[A-Z\\d]?)\\d[A-Z]{2}$', 1), '')`;

/** Small letters and digits, usual words shortened, postcodes taken out; NULL for placeholders. */
export function addressSql(value: string): string {
  const short: [string, string][] = [
    ['\\b(apartment|apt|flt)\\b', 'flat'],
    ['\\bstreet\\b', 'st'], ['\\broad\\b', 'rd'], ['\\bavenue\\b', 'ave'], ['\\bclose\\b', 'cl'], ['\\bdrive\\b', 'dr'],
    ['\\blane\\b', 'ln'], ['\\bcrescent\\b', 'cres'], ['\\bgardens\\b', 'gdns'], ['\\bplace\\b', 'pl'], ['\\bcourt\\b', 'ct'], ['\\bterrace\\b', 'terr'], ['\\bsquare\\b', 'sq'],
  ];
  let bare = `regexp_replace(lower(strip_accents(${value})), '\\b[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}\\b', ' ')`;
  bare = `trim(regexp_replace(replace(${bare}, '''', ''), '[^\\p{L}\\p{M}0-9]+', ' ', 'g'))`;
  for (const [long, brief] of short) bare = `regexp_replace(${bare}, '${long}', '${brief}', 'g')`;
  return letSql('a', bare, `CASE WHEN a IN ('', 'nfa', 'no fixed abode', 'no fixed address', 'homeless', 'not applicable', ${list(placeholders)}) THEN NULL ELSE a END`);
}

/** The numbers of a cleaned address ("flat 2 14a high st" → "2 14a"), else NULL. */
export const houseSql = (cleaned: string): string => `nullif(array_to_string(regexp_extract_all(${cleaned}, '\\b[0-9]+[a-z]?\\b'), ' '), '')`;
/** The words of a cleaned address without numbers and "flat". */
export const streetSql = (cleaned: string): string => `nullif(trim(regexp_replace(${cleaned}, '(\\b[0-9]+[a-z]?\\b|\\bflat\\b| )+', ' ', 'g')), '')`;

const digit = (position: number) => `(ascii(substr(n, ${position}, 1)) - 48)`;

/** Ten digits with a right check digit (NHS Data Dictionary), else NULL. */
export function nhsNumberSql(value: string): string {
  const sum = Array.from({ length: 9 }, (_, i) => `${10 - i} * ${digit(i + 1)}`).join(' + ');
  const right = `regexp_matches(n, '^\\d{10}$') AND n <> repeat(substr(n, 1, 1), 10) AND (11 - (${sum}) % 11) % 11 = ${digit(10)}`;
  return letSql('n', `regexp_replace(${value}, '[ -]', '', 'g')`, `CASE WHEN ${right} THEN n END`);
}

/** A unique pupil number with a right check letter (DfE), else NULL. */
export function upnSql(value: string): string {
  const letters = 'ABCDEFGHJKLMNPQRTUVWXYZ';
  const last = `(CASE WHEN substr(n, 13, 1) >= 'A' THEN instr('${letters}', substr(n, 13, 1)) - 1 ELSE ${digit(13)} END)`;
  const sum = [...Array.from({ length: 11 }, (_, i) => `${i + 2} * ${digit(i + 2)}`), `13 * ${last}`].join(' + ');
  const right = `regexp_matches(n, '^[A-HJ-NP-RT-Z]\\d{11}[\\dA-HJ-NP-RT-Z]$') AND substr('${letters}', ((${sum}) % 23) + 1, 1) = substr(n, 1, 1)`;
  return letSql('n', `upper(regexp_replace(${value}, '\\s', '', 'g'))`, `CASE WHEN ${right} THEN n END`);
}

/** Digits of a telephone number, +44 as 0; NULL where shorter than nine or one digit repeated. */
export function phoneSql(value: string): string {
  const digits = `regexp_replace(regexp_replace(${value}, '[^0-9]', '', 'g'), '^(00)?44(0)?', '0')`;
  return letSql('n', digits, `CASE WHEN length(n) >= 9 AND length(replace(n, substr(n, 2, 1), '')) > 2 THEN n END`);
}

/** A small-letter e-mail address; NULL where it has no @ or says that there is none. */
export function emailSql(value: string): string {
  const right = `regexp_matches(e, '^[^@\\s]+@[^@\\s]+$') AND NOT regexp_matches(e, '^(none|noemail|no|unknown|na|test|notknown|nomail)@')`;
  return letSql('e', `lower(trim(${value}))`, `CASE WHEN ${right} THEN e END`);
}
