// Stretches of a week or more on which a feed has no event, with what came in the four weeks on either side and in the feed as a whole.

import type { DerivedTable } from '../core/index.ts';

/** Needs `event`. Events that have only a month have no day, and are left out. */
export const feedSilenceSql = `
    WITH dated AS (
      SELECT feed, coalesce(started_at, reported_at)::DATE AS day, count(*)::INTEGER AS events
      FROM event
      WHERE coalesce(started_at, reported_at) IS NOT NULL AND time_precision IS DISTINCT FROM 'month'
      GROUP BY feed, day
    ),
    whole AS (SELECT feed, min(day) AS first_day, max(day) AS last_day, sum(events)::DOUBLE AS events FROM dated GROUP BY feed),
    silent AS (
      SELECT feed, day + 1 AS from_day, lead(day) OVER (PARTITION BY feed ORDER BY day) - 1 AS to_day FROM dated
    )
    SELECT s.feed, s.from_day, s.to_day, (s.to_day - s.from_day + 1)::INTEGER AS days,
           coalesce(sum(d.events), 0)::DOUBLE AS side_events,
           (least(28, s.from_day - any_value(w.first_day)) + least(28, any_value(w.last_day) - s.to_day))::INTEGER AS side_days,
           any_value(w.events) AS feed_events, (any_value(w.last_day) - any_value(w.first_day) + 1)::INTEGER AS feed_days
    FROM silent s
    JOIN whole w USING (feed)
    LEFT JOIN dated d ON d.feed = s.feed AND (d.day BETWEEN s.from_day - 28 AND s.from_day - 1 OR d.day BETWEEN s.to_day + 1 AND s.to_day + 28)
    WHERE s.to_day - s.from_day + 1 >= 7
    GROUP BY s.feed, s.from_day, s.to_day
    ORDER BY s.feed, s.from_day`;

export const qualityTables: readonly DerivedTable[] = [{ name: 'feed_silence', of: 'events', sql: feedSilenceSql }];
