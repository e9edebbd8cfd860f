-- Recordings of which a considered place is under a regime that asks for a documented basis, and whether one was named when they began:
-- by the recording itself, or by the policy's bases, which must together name every purpose (fine print 13). Text rules need none.
WITH regime AS (
  SELECT scope, string_agg(jurisdiction, ', ' ORDER BY jurisdiction) AS regimes,
    list({jurisdiction: jurisdiction, version: version, citation: citation} ORDER BY jurisdiction) FILTER (jurisdiction <> 'unknown') AS law
  FROM scopeRow WHERE dataProtection GROUP BY scope
),
asked AS (
  SELECT s.recordingId, s.contactId, s."from", s.queue, s.packKey, g.regimes, g.law, r.lawfulBasis, r.lawfulBasisAt,
    CASE WHEN len(s.purposes) > 0 THEN list_sort(list_distinct(s.purposes)) END AS purposes
  FROM recordingSpan s
  JOIN recordingScope x ON x.recordingId = s.recordingId
  JOIN regime g ON g.scope = x.lawScope
  JOIN recording r ON r.id = s.recordingId
  WHERE s.medium <> 'text'
),
served AS (
  SELECT recordingId, packKey, "from", unnest(purposes) AS purpose FROM asked
),
named AS (
  SELECT s.recordingId, s.purpose, min(b."from") AS since
  FROM served s JOIN packBasis b ON b.packKey = s.packKey AND (list_contains(b.purposes, s.purpose) OR list_contains(b.purposes, '*'))
  GROUP BY s.recordingId, s.purpose
),
covered AS (
  SELECT s.recordingId, count(*) = count(n.since) AS ever, bool_and(coalesce(n.since <= s."from", false)) AS inTime,
    list_sort(list(s.purpose) FILTER (NOT coalesce(n.since <= s."from", false))) AS unnamed
  FROM served s LEFT JOIN named n ON n.recordingId = s.recordingId AND n.purpose = s.purpose
  GROUP BY s.recordingId
)
SELECT a.*, c.unnamed,
  CASE
    WHEN a.lawfulBasis IS NOT NULL AND (a.lawfulBasisAt IS NULL OR a.lawfulBasisAt <= a."from") THEN NULL
    WHEN c.inTime THEN NULL
    WHEN a.lawfulBasis IS NOT NULL OR c.ever THEN 'retroactive'
    ELSE 'no-basis'
  END AS reason
FROM asked a LEFT JOIN covered c ON c.recordingId = a.recordingId
