-- Every no of a recorded outsider to a purpose, and when it ended: lifted, or by a later express yes to it;
-- at the same instant the no stands (policy.md, What overrules a no).
WITH refusal AS (
  SELECT a.recordingId, a.party, a.purpose, s.kind, s.id, s.says, s."at", s.liftedAt, s.ambiguous
  FROM boundStatement s JOIN askedPurpose a ON a.recordingId = s.recordingId AND a.party = s.party
    AND (list_contains(s.purposes, a.purpose) OR list_contains(s.purposes, '*'))
  WHERE s.says <> 'given'
),
revoked AS (
  SELECT r.recordingId, r.party, r.purpose, r.kind, r.id, min(s."at") AS "at"
  FROM refusal r JOIN boundStatement s ON s.recordingId = r.recordingId AND s.party = r.party AND s.express AND NOT s.ambiguous
    AND s."at" > r."at" AND (list_contains(s.purposes, r.purpose) OR list_contains(s.purposes, '*'))
  GROUP BY ALL
)
SELECT r.recordingId, r.party, r.purpose, r.kind, r.id, r.says, r."at", r.ambiguous,
  least(coalesce(r.liftedAt, x."at"), coalesce(x."at", r.liftedAt)) AS endedAt, x."at" AS revokedAt
FROM refusal r LEFT JOIN revoked x USING (recordingId, party, purpose, kind, id)
