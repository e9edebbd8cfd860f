-- What each access touched: recordingId, contactId and uri resolved to a recording and its contact, which must agree.
-- A contact alone stands for its recording where it has exactly one. `problem` says why the target cannot be judged;
-- an object that no record knows is no problem: it is judged, and nothing will explain it.
WITH place AS (
  SELECT uri, id AS recordingId, contactId FROM recording WHERE uri IS NOT NULL
  UNION
  SELECT unnest(copies), id, contactId FROM recording WHERE copies IS NOT NULL
),
placed AS (
  SELECT uri, CASE WHEN count(*) = 1 THEN min(recordingId) END AS recordingId,
    CASE WHEN min(contactId) = max(contactId) THEN min(contactId) END AS contactId
  FROM place GROUP BY uri
),
-- The few objects that hold several recordings.
shared AS (
  SELECT uri, list(recordingId) AS recordingIds FROM place SEMI JOIN (FROM placed WHERE recordingId IS NULL) USING (uri) GROUP BY uri
),
sole AS (
  SELECT contactId, min(id) AS recordingId FROM recording GROUP BY contactId HAVING count(*) = 1
),
-- Periods without a pack too, so that every time falls into exactly one row.
period AS (
  SELECT packKey, "from", coalesce(until, 'infinity'::TIMESTAMP) AS until FROM packPeriod
),
whole AS (
  FROM period
  UNION ALL
  SELECT NULL, until, coalesce(lead("from") OVER (ORDER BY "from"), 'infinity'::TIMESTAMP) FROM period
  UNION ALL
  SELECT NULL, '-infinity'::TIMESTAMP, coalesce((SELECT min("from") FROM period), 'infinity'::TIMESTAMP)
),
-- Two branches and no one-sided join condition: where a log always names recordings, DuckDB would fold such a condition
-- to "never" and compare every access with every recording.
named AS (
  SELECT a.*, NULL::VARCHAR AS soleId FROM access a WHERE a.recordingId IS NOT NULL OR a.uri IS NOT NULL
  UNION ALL
  SELECT a.*, s.recordingId FROM access a LEFT JOIN sole s ON s.contactId = a.contactId WHERE a.recordingId IS NULL AND a.uri IS NULL
),
resolved AS (
  SELECT a.id AS accessId, a."at", a.actor, a.action, a.outcome, a.purpose, a.ip, a.country, a.userAgent, a.uri,
    coalesce(a.recordingId, p.recordingId, a.soleId) AS recordingId,
    coalesce(r.contactId, p.contactId, a.contactId) AS contactId,
    r.id IS NOT NULL OR p.uri IS NOT NULL OR a.soleId IS NOT NULL AS recordingKnown,
    coalesce(a.contactId <> r.contactId OR a.contactId <> p.contactId
      OR a.recordingId <> p.recordingId OR a.recordingId IS NOT NULL AND NOT list_contains(m.recordingIds, a.recordingId), false) AS disagrees
  FROM named a
  LEFT JOIN recording r ON r.id = a.recordingId
  LEFT JOIN placed p ON p.uri = a.uri
  LEFT JOIN shared m ON m.uri = a.uri
)
SELECT t.accessId, t."at", w.packKey, t.actor.id AS actor, t.actor.type AS actorType, t.actor.onBehalfOf AS onBehalfOf,
  t.action, t.outcome, t.purpose, t.ip, t.country, t.userAgent, t.uri, t.recordingId, t.contactId,
  coalesce(t.recordingId, t.contactId, t.uri) AS target,
  CASE WHEN t.disagrees THEN 'target-disagrees'
    WHEN xr.id IS NOT NULL OR xc.id IS NOT NULL THEN 'conflicting-records'
    WHEN t.recordingKnown AND c.id IS NULL THEN 'contact-unknown' END AS problem,
  c.id IS NOT NULL AS contactKnown
FROM resolved t
JOIN whole w ON w."from" <= t."at" AND t."at" < w.until
LEFT JOIN contact c ON c.id = t.contactId
LEFT JOIN conflict xr ON xr.kind = 'recording' AND xr.id = t.recordingId
LEFT JOIN conflict xc ON xc.kind = 'contact' AND xc.id = t.contactId
