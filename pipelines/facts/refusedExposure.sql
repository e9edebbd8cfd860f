-- Exposures that began while the party's latest state for a purpose was refused, withdrawn or objected: of each recorded
-- outsider and purpose the first, with the latest no then in force.
-- Each no with its recording and party first, so that the exposures join it by those and not by time alone: that way round every
-- no meets every later exposure of the estate.
WITH no AS MATERIALIZED (
  SELECT n.*, u.recordingNumber, u.party FROM purposeRefusal n JOIN recordedOutsider u ON u.rowid = n.outsider
),
begun AS (
  SELECT n.outsider, n.purpose, e."from" AS "at",
    max({saidAt: n."at", says: n.says, kind: n.kind, id: n.id}) AS refusal, bool_and(n.ambiguous) AS ambiguous
  FROM no n
  JOIN exposure e ON e.recordingNumber = n.recordingNumber AND e.party = n.party AND e.isOutsider
    AND n."at" <= e."from" AND (n.endedAt IS NULL OR n.endedAt > e."from")
  GROUP BY n.outsider, n.purpose, e."from"
)
SELECT outsider, purpose, "at", refusal.says AS says, refusal.kind AS kind, refusal.id AS id, refusal.saidAt AS saidAt, ambiguous
FROM begun
QUALIFY row_number() OVER (PARTITION BY outsider, purpose ORDER BY ambiguous, "at") = 1
