-- Favourable decisions with an amount, each with what the same staff member gave the same customer in the
-- period that begins with it (policy's splitting.within, by the values of splitting.by).
-- fails: together over the limit; doubtful: perhaps, but the records cannot tell, with the reason.
WITH concession AS (
  SELECT j.decisionId, j."at", coalesce(j.staff, j.staffName) AS staff, j.person, j.subject, j.contactId,
    j.packKey, j.policy, j.version, t.splitValues, j.amount, j."limit", j.currency, w.splittingWithin AS within,
    -- Validly approved ones are left out of a split; ones over the limit are breaches of their own.
    j.valid = 0 AND j.over <> 'yes' AS counted,
    CASE WHEN j.over = 'unknown' THEN j.overDoubt
         WHEN j.unknown > 0 THEN j.unknownWhy
         WHEN j.ambiguous THEN 'ambiguous-person' END AS doubt,
    j.over = 'unknown' AS unmeasured
  FROM decisionJudgement j
  JOIN versionPeriod w ON w.period = j.period
  LEFT JOIN decisionAttributes t ON t.decisionId = j.decisionId
  WHERE j.favourable AND j.amount > 0 AND j.limited AND w.splittingWithin IS NOT NULL
),
summed AS (
  SELECT *,
    sum(amount) FILTER (counted AND doubt IS NULL) OVER following AS total,
    max("limit") FILTER (counted AND doubt IS NULL) OVER following AS highest,
    sum(amount) FILTER (counted) OVER following AS possibleTotal,
    max("limit") FILTER (counted) OVER following AS possibleHighest,
    count(*) FILTER (counted) OVER following AS members,
    count(*) FILTER (counted AND unmeasured) OVER following AS unmeasuredMembers,
    min(doubt) FILTER (counted) OVER following AS anyDoubt
  FROM concession
  WINDOW following AS (PARTITION BY staff, person, policy, splitValues ORDER BY "at" RANGE BETWEEN CURRENT ROW AND within FOLLOWING)
)
SELECT decisionId, "at", staff, person, subject, contactId, packKey, policy, version, splitValues, amount, "limit", currency, within,
  counted, doubt, "at" + within AS windowEnd, total,
  coalesce(counted AND doubt IS NULL AND total > highest, false) AS fails,
  CASE WHEN counted AND members > 1 AND anyDoubt IS NOT NULL AND NOT coalesce(doubt IS NULL AND total > highest, false)
    AND (unmeasuredMembers > 0 OR possibleTotal > possibleHighest) THEN anyDoubt END AS doubtful
FROM summed
ORDER BY decisionId
