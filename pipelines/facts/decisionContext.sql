-- Each decision with everything it is judged by: pack and version in force at that time, who decided
-- with which limit, for whom, on which contact, and what the first matching rule expects.
-- "limit" = the highest among the roles held then; 0 without one; NULL where the version sets no limits.
WITH inForce AS (
  SELECT d.id, d."at", d.policy, CASE WHEN p.until IS NULL OR d."at" < p.until THEN p.packKey END AS packKey
  FROM decision d ASOF LEFT JOIN packPeriod p ON d."at" >= p."from"
),
versioned AS (
  SELECT f.id, f.packKey, CASE WHEN v.until IS NULL OR f."at" < v.until THEN v.period END AS period
  FROM inForce f ASOF LEFT JOIN versionPeriod v ON v.packKey = f.packKey AND v.policy = f.policy AND f."at" >= v."from"
),
limited AS (
  SELECT DISTINCT v.period FROM versionPeriod v JOIN packAuthority a ON a.packKey = v.packKey AND a.policy = v.policy AND a.version = v.version
),
roleSet AS (
  -- Few distinct role sets, many decisions: the limit is worked out once for each set.
  SELECT roles, unnest(roles) AS role FROM (SELECT DISTINCT roles FROM decisionActor)
),
roleLimit AS (
  SELECT r.roles, v.period, max(a."limit") AS "limit"
  FROM roleSet r JOIN packAuthority a ON a.role = r.role
  JOIN versionPeriod v ON v.packKey = a.packKey AND v.policy = a.policy AND v.version = a.version
  GROUP BY r.roles, v.period
)
SELECT
  d.id AS decisionId,
  d."at",
  d.contactId,
  d.staff AS staffName,
  a.staff,
  a.doubt AS staffDoubt,
  a.roles,
  a.team,
  coalesce(c.site, a.site) AS site,
  c.site AS contactSite,
  c.queue,
  c.channel,
  c.id IS NOT NULL AS contactKnown,
  coalesce(h.chain, d.contactId) AS chain,
  d.subject,
  coalesce(r.person, d.subject) AS person,
  coalesce(r.ambiguous, false) AS ambiguous,
  d.policy,
  d.policyVersion,
  d.outcome,
  d.amount,
  d.currency,
  d.reasonCode,
  v.packKey,
  n.policy IS NOT NULL AS policyNamed,
  w.period,
  w.version,
  w.currency AS limitCurrency,
  coalesce(list_contains(w.favourable, d.outcome), false) AS favourable,
  w.favourable IS NOT NULL AS favourableStated,
  w.period IS NOT NULL AND NOT (CASE WHEN w.favourable IS NULL THEN d.outcome NOT IN ('denied', 'refused') ELSE list_contains(w.favourable, d.outcome) END) AS refusal,
  CASE WHEN l.period IS NOT NULL AND a.doubt IS NULL THEN coalesce(m."limit", 0) END AS "limit",
  l.period IS NOT NULL AS limited,
  e.expect,
  e.rule,
  e.error AS ruleError,
  e.decisionId IS NOT NULL AS evaluated
FROM decision d
JOIN versioned v ON v.id = d.id
JOIN decisionActor a ON a.name = d.staff AND a."at" = d."at"
LEFT JOIN packDecision n ON n.packKey = v.packKey AND n.policy = d.policy
LEFT JOIN versionPeriod w ON w.period = v.period
LEFT JOIN limited l ON l.period = v.period
LEFT JOIN roleLimit m ON m.roles = a.roles AND m.period = v.period
LEFT JOIN contact c ON c.id = d.contactId
LEFT JOIN chain h ON h.contactId = d.contactId
LEFT JOIN resolvedName r ON r.name = d.subject AND r."at" = d."at"
LEFT JOIN expectedOutcome e ON e.decisionId = d.id
ORDER BY d.id
