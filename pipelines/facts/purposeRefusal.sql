-- Every no of a recorded outsider to recording or to a purpose asked of them, and when it ended: lifted, or by a later express yes
-- to it; at the same instant the no stands (policy.md, What overrules a no).
WITH no AS (
  SELECT outsider, kind, id, says, "at", liftedAt, purposes, ambiguous FROM boundStatement WHERE says <> 'given'
),
refusal AS (
  SELECT n.*, 'recording' AS purpose FROM no n WHERE list_contains(n.purposes, 'recording') OR list_contains(n.purposes, '*')
  UNION ALL
  SELECT n.*, a.purpose FROM no n JOIN askedPurpose a ON a.outsider = n.outsider
  WHERE a.purpose <> 'recording' AND (list_contains(n.purposes, a.purpose) OR list_contains(n.purposes, '*'))
),
revoked AS (
  SELECT r.outsider, r.purpose, r.kind, r.id, min(s."at") AS "at"
  FROM refusal r JOIN boundStatement s ON s.outsider = r.outsider
  WHERE s.express AND NOT s.ambiguous AND s."at" > r."at" AND (list_contains(s.purposes, r.purpose) OR list_contains(s.purposes, '*'))
  GROUP BY ALL
)
SELECT r.outsider, r.purpose, r.kind, r.id, r.says, r."at", r.ambiguous, least(r.liftedAt, x."at") AS endedAt
FROM refusal r LEFT JOIN revoked x USING (outsider, purpose, kind, id)
