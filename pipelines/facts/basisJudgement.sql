-- Recordings of which a considered place is under a regime that asks for a documented basis, and whether one was named when they began:
-- by the recording itself, or by the policy's bases, which must together name every purpose (fine print 13). Text rules need none.
WITH regime AS (
  SELECT scope, string_agg(jurisdiction, ', ' ORDER BY jurisdiction) AS regimes,
    list({jurisdiction: jurisdiction, version: version, citation: citation} ORDER BY jurisdiction) FILTER (jurisdiction <> 'unknown') AS law
  FROM scopeRow WHERE dataProtection GROUP BY scope
),
asked AS (
  SELECT s.recordingId, s.contactId, s."from", s.queue, s.packKey, x.lawScope, s.lawfulBasis, s.lawfulBasisAt,
    array_to_string(list_sort(list_distinct(s.purposes)), chr(31)) AS purposes
  FROM recordingSpan s
  JOIN recordingScope x ON x.recordingNumber = s.rowid
  SEMI JOIN regime g ON g.scope = x.lawScope
  WHERE s.medium <> 'text'
),
-- Since when the policy's bases name each purpose of a set, worked out once for each set that occurs.
served AS (
  SELECT packKey, purposes, unnest(string_split(purposes, chr(31))) AS purpose
  FROM (SELECT DISTINCT packKey, purposes FROM asked WHERE purposes <> '')
),
named AS (
  SELECT s.packKey, s.purposes, s.purpose, min(b."from") AS since
  FROM served s LEFT JOIN packBasis b ON b.packKey = s.packKey AND (list_contains(b.purposes, s.purpose) OR list_contains(b.purposes, '*'))
  GROUP BY ALL
),
covered AS (
  SELECT packKey, purposes, count(*) = count(since) AS ever, CASE WHEN count(*) = count(since) THEN max(since) END AS since,
    list_sort(list(purpose) FILTER (since IS NULL)) AS unnamed
  FROM named GROUP BY packKey, purposes
)
SELECT a.*, g.regimes, g.law, c.unnamed,
  CASE
    WHEN a.lawfulBasis IS NOT NULL AND (a.lawfulBasisAt IS NULL OR a.lawfulBasisAt <= a."from") THEN NULL
    WHEN c.since <= a."from" THEN NULL
    WHEN a.lawfulBasis IS NOT NULL OR c.ever THEN 'retroactive'
    ELSE 'no-basis'
  END AS reason
FROM asked a
JOIN regime g ON g.scope = a.lawScope
LEFT JOIN covered c ON c.packKey = a.packKey AND c.purposes = a.purposes
