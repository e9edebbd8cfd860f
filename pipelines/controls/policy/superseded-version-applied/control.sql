-- A decision that states the version it applied, and that version was not in force then.
WITH current AS (
  SELECT DISTINCT c.decisionId
  FROM decisionContext c JOIN packDecisionVersion w ON w.packKey = c.packKey AND w.policy = c.policy AND w.version = c.policyVersion
    AND w."from" <= c."at" AND (w.until IS NULL OR c."at" < w.until)
),
stated AS (
  SELECT c.decisionId, c."at", c.contactId, c.staffName, c.subject, c.policy, c.policyVersion, c.packKey, c.policyNamed, c.version, c.team, c.site, k.decisionId IS NOT NULL AS wasInForce
  FROM decisionContext c LEFT JOIN current k ON k.decisionId = c.decisionId
  WHERE c.policyVersion IS NOT NULL
),
claimed AS (
  -- When each version could be applied: within its own time and that of its pack.
  SELECT w.policy, w.version, greatest(w."from", p."from") AS "from", least(coalesce(w.until, 'infinity'::TIMESTAMP), coalesce(p.until, 'infinity'::TIMESTAMP)) AS until
  FROM packDecisionVersion w JOIN packPeriod p ON p.packKey = w.packKey
  WHERE (w.until IS NULL OR p."from" < w.until) AND (p.until IS NULL OR w."from" < p.until)
),
elsewhen AS (
  -- When, if ever, the stated version was or will be in force, in any pack.
  SELECT s.decisionId, max(w.until) FILTER (w.until <= s."at") AS endedAt, min(w."from") FILTER (w."from" > s."at") AS startsAt
  FROM stated s JOIN claimed w ON w.policy = s.policy AND w.version = s.policyVersion
  WHERE NOT s.wasInForce
  GROUP BY s.decisionId
),
judged AS (
  SELECT s.*, e.endedAt, e.startsAt,
    CASE WHEN packKey IS NULL OR NOT policyNamed THEN 'notApplicable' WHEN wasInForce THEN 'pass' ELSE 'fail' END AS result
  FROM stated s LEFT JOIN elsewhen e ON e.decisionId = s.decisionId
)
SELECT
  decisionId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'notApplicable' THEN CASE WHEN packKey IS NULL THEN 'no-pack' ELSE 'policy-not-named' END
    WHEN 'fail' THEN CASE WHEN endedAt IS NOT NULL THEN 'version-ended' WHEN startsAt IS NOT NULL THEN 'version-not-yet' ELSE 'version-unknown' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN policy || ' ' || policyVersion || coalesce(' ' || site, '') END AS cause,
  packKey,
  CASE WHEN result IN ('fail', 'unverifiable') THEN 'decisions.' || policy || coalesce('.' || version, '') END AS ruleRef,
  NULL AS law,
  CASE WHEN result = 'fail' THEN [{kind: 'decision', id: decisionId}] END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result = 'fail' THEN
    json_object('decisionId', decisionId, 'policy', policy, 'applied', policyVersion, 'inForce', version, 'endedAt', endedAt, 'startsAt', startsAt,
      'decider', staffName, 'customer', subject, 'team', team, 'site', site) END AS details
FROM judged
ORDER BY unit
