-- Favourable decisions with an amount, each with what the same staff member gave the same customer in the
-- period that begins with it (policy's splitting.within, by the values of splitting.by).
-- fails: together over the limit; doubtful: perhaps, but the records cannot tell, with the reason.
WITH concession AS (
  SELECT c.decisionId, c."at", coalesce(c.staff, c.staffName) AS staff, c.subject, c.contactId,
    c.packKey, c.policy, c.version, c.splitValues, c.amount, c."limit", c.currency, w.splittingWithin AS within,
    unitPart(coalesce(c.staff, c.staffName)) || '|' ||
      unitPart(c.person) || '|' || c.policy || '|' || coalesce(to_json(c.splitValues)::VARCHAR, '')
      -- Amounts in two currencies cannot be added; one that has no limits stays where it raises its doubt.
      || CASE WHEN c.limitDoubt IS NULL AND c.currency <> w.currency THEN '|' || c.currency ELSE '' END AS unit,
    -- Validly approved ones are left out of a split; ones over the limit are breaches of their own.
    c.valid = 0 AND c.over <> 'yes' AS counted,
    CASE WHEN c.over = 'unknown' THEN c.overDoubt
         WHEN c.unknown > 0 THEN c.unknownWhy
         WHEN c.ambiguous THEN 'ambiguous-person' END AS doubt,
    c.over = 'unknown' AS unmeasured
  FROM decisionContext c JOIN versionPeriod w ON w.period = c.period
  WHERE c.favourable AND c.amount > 0 AND c.limited AND w.splittingWithin IS NOT NULL
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
  WINDOW following AS (PARTITION BY unit ORDER BY "at" RANGE BETWEEN CURRENT ROW AND within FOLLOWING)
)
SELECT unit, decisionId, "at", staff, subject, contactId, packKey, policy, version, splitValues, amount, "limit", currency,
  counted, doubt, "at" + within AS windowEnd, total, highest,
  coalesce(counted AND doubt IS NULL AND total > highest, false) AS fails,
  CASE WHEN counted AND members > 1 AND anyDoubt IS NOT NULL AND NOT coalesce(doubt IS NULL AND total > highest, false)
    AND (unmeasuredMembers > 0 OR possibleTotal > possibleHighest) THEN anyDoubt END AS doubtful
FROM summed
