// British local time from UTC, by rule and without a time-zone database: one hour is added from 01:00 UTC on the last Sunday
// of March to 01:00 UTC on the last Sunday of October (Summer Time Act 1972, as in force since 1998). Not for earlier years.

/** SQL for the British local TIMESTAMP of a UTC TIMESTAMP expression. */
export function britishTimeSql(utc: string): string {
  const lastSunday = (month: number) => `(make_date(year(${utc}), ${month}, 31) - CAST(dayofweek(make_date(year(${utc}), ${month}, 31)) AS INTEGER))`;
  return `(${utc} + CASE WHEN ${utc} >= CAST(${lastSunday(3)} AS TIMESTAMP) + INTERVAL 1 HOUR AND ${utc} < CAST(${lastSunday(10)} AS TIMESTAMP) + INTERVAL 1 HOUR THEN INTERVAL 1 HOUR ELSE INTERVAL 0 HOUR END)`;
}
