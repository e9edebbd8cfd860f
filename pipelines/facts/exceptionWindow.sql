-- Favourable outcomes that the rule does not expect (approved or not), each with how many the same customer
-- got under the same policy in the period that begins with it (policy's exceptions.within). One for a number of several people
-- may be each one's, and is counted for none of them.
WITH exception AS (
  SELECT j.decisionId, j."at", j.person, j.subject, j.ambiguous, j.packKey, j.policy, j.version,
    w.exceptionsWithin AS within, w.exceptionsMax AS allowed, j.contradiction = 'favour' AS certain
  FROM decisionContext j
  JOIN versionPeriod w ON w.period = j.period
  WHERE j.favourable AND j.contradiction IN ('favour', 'unknown') AND w.exceptionsWithin IS NOT NULL AND w.exceptionsMax IS NOT NULL
),
perhaps AS (
  SELECT * FROM exception WHERE NOT ambiguous
  UNION
  SELECT e.* REPLACE (n.person AS person)
  FROM exception e JOIN personName n ON n.name = e.subject AND (n."from" IS NULL OR n."from" <= e."at") AND (n.until IS NULL OR e."at" < n.until)
  WHERE e.ambiguous
),
counted AS (
  SELECT *, count(*) FILTER (certain AND NOT ambiguous) OVER following AS exceptions, count(*) OVER following AS possible, bool_or(ambiguous) OVER following AS mistakable
  FROM perhaps
  WINDOW following AS (PARTITION BY person, policy ORDER BY "at" RANGE BETWEEN CURRENT ROW AND within FOLLOWING)
)
SELECT decisionId, "at", person, subject, packKey, policy, version, within, allowed, certain AND NOT ambiguous AS certain, "at" + within AS windowEnd, exceptions,
  exceptions > allowed AND certain AND NOT ambiguous AS fails,
  CASE WHEN possible <= allowed OR (exceptions > allowed AND certain AND NOT ambiguous) THEN NULL
       WHEN mistakable THEN 'ambiguous-person'
       ELSE 'rule-not-evaluable' END AS doubtful
FROM counted
