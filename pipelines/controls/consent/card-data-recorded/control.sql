-- Transcripts of which no version can be used: what was said is not known.
WITH disputed AS (
  SELECT DISTINCT contactId FROM conflict WHERE kind = 'transcript'
),
recorded AS (
  SELECT t.contactId FROM (SELECT contactId FROM transcript UNION FROM disputed) t
  WHERE t.contactId IN (SELECT contactId FROM recording) OR t.contactId IN (SELECT contactId FROM conflictContact WHERE kind = 'recording')
),
given AS (
  SELECT contactId, partyId, "at", coalesce(until, "at") AS until, type, turn FROM signal WHERE type IN ('card-number', 'security-code')
),
captured AS (
  SELECT g.contactId, count(DISTINCT (g."at", g.turn)) FILTER (g.type = 'security-code') AS codes, count(DISTINCT (g."at", g.turn)) FILTER (g.type = 'card-number') AS numbers,
    min({rank: CASE g.type WHEN 'security-code' THEN 1 ELSE 2 END, "at": g."at", recordingId: c.recordingId, party: g.partyId}) AS first
  FROM given g JOIN capturing c ON c.contactId = g.contactId AND g."at" < c.until AND (c."from" <= g."at" OR c."from" < g.until)
  GROUP BY g.contactId
),
contested AS (
  SELECT g.contactId, min(g."at") AS "at" FROM given g JOIN conflictContact x ON x.kind = 'recording' AND x.contactId = g.contactId GROUP BY g.contactId
),
judged AS (
  SELECT r.contactId, o.startedAt, o.queue, s.packKey, p.first, p.codes, p.numbers, coalesce(p.first."at", x."at", o.startedAt) AS "at",
    CASE WHEN p.first.rank = 1 THEN 'security-code' WHEN p.first.rank = 2 THEN 'card-number' WHEN x.contactId IS NOT NULL THEN 'conflicting-records'
      WHEN d.contactId IS NOT NULL THEN 'conflicting-transcripts' END AS reason
  FROM recorded r
  LEFT JOIN contact o ON o.id = r.contactId
  LEFT JOIN captured p ON p.contactId = r.contactId
  LEFT JOIN contested x ON x.contactId = r.contactId
  LEFT JOIN disputed d ON d.contactId = r.contactId
  LEFT JOIN recordingSpan s ON s.recordingId = p.first.recordingId
)
SELECT contactId AS unit, "at", contactId, first.recordingId AS recordingId, first.party AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('conflicting-records', 'conflicting-transcripts') THEN 'unverifiable' ELSE 'fail' END AS outcome,
  reason, CASE WHEN reason = 'security-code' THEN 'critical' END AS severity, 'queue ' || queue AS cause, packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN list_filter([{kind: 'recording', id: first.recordingId}, {kind: 'contact', id: contactId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({codes: codes, numbers: numbers}) END AS details
FROM judged
ORDER BY unit
