-- Exposures that began while the party's latest state for recording was refused, withdrawn or objected: of each recorded
-- outsider the first, with the latest no then in force.
WITH begun AS (
  SELECT e.recordingId, e.party, e."from" AS "at",
    max({saidAt: n."at", says: n.says, kind: n.kind, id: n.id}) AS refusal, bool_and(n.ambiguous) AS ambiguous
  FROM exposure e JOIN purposeRefusal n ON n.recordingId = e.recordingId AND n.party = e.party AND n.purpose = 'recording'
    AND n."at" <= e."from" AND (n.endedAt IS NULL OR n.endedAt > e."from")
  WHERE e.isOutsider
  GROUP BY e.recordingId, e.party, e."from"
)
SELECT recordingId, party, "at", refusal.says AS says, refusal.kind AS kind, refusal.id AS id, refusal.saidAt AS saidAt, ambiguous
FROM begun
QUALIFY row_number() OVER (PARTITION BY recordingId, party ORDER BY ambiguous, "at") = 1
