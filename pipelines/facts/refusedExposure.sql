-- Exposures that began while the party's latest state for a purpose was refused, withdrawn or objected: of each recorded
-- outsider and purpose the first, with the latest no then in force.
WITH begun AS (
  SELECT e.recordingId, e.party, n.purpose, e."from" AS "at",
    max({saidAt: n."at", says: n.says, kind: n.kind, id: n.id}) AS refusal, bool_and(n.ambiguous) AS ambiguous
  FROM exposure e JOIN purposeRefusal n ON n.recordingId = e.recordingId AND n.party = e.party
    AND n."at" <= e."from" AND (n.endedAt IS NULL OR n.endedAt > e."from")
  WHERE e.isOutsider
  GROUP BY e.recordingId, e.party, n.purpose, e."from"
)
SELECT recordingId, party, purpose, "at", refusal.says AS says, refusal.kind AS kind, refusal.id AS id, refusal.saidAt AS saidAt, ambiguous
FROM begun
QUALIFY row_number() OVER (PARTITION BY recordingId, party, purpose ORDER BY ambiguous, "at") = 1
