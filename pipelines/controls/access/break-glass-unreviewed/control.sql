WITH "use" AS (
  SELECT u.*, g.principal, g.reviewedAt, g.reviewedBy, a.packKey, a.contactId, a.recordingId, a.staff, a.person, p.breakGlassReview, u."at" + p.breakGlassReview AS reviewDue,
    coalesce(n.ambiguous, false) AS doubtfulReviewer, coalesce(n.staff, g.reviewedBy) AS reviewer, coalesce(h.staff, g.principal) AS holder
  FROM breakGlassUse u JOIN "grant" g ON g.id = u.id JOIN accessAct a ON a.access = u.access
  LEFT JOIN pack p ON p.packKey = a.packKey
  LEFT JOIN staffNamePeriod n ON n.name = g.reviewedBy AND n."from" <= g.reviewedAt AND g.reviewedAt < n.until
  LEFT JOIN staffNamePeriod h ON h.name = g.principal AND h."from" <= g.createdAt AND g.createdAt < h.until
),
coded AS (
  SELECT u.*, reviewer = holder OR list_contains(persons, reviewer) AS own,
    CASE WHEN packKey IS NULL THEN 'no-policy' WHEN breakGlassReview IS NULL THEN 'no-rule'
      WHEN doubtful OR reviewedAt >= "at" AND reviewedAt <= reviewDue AND doubtfulReviewer THEN 'ambiguous-person'
      WHEN reviewedAt >= "at" AND reviewedAt <= reviewDue AND reviewedBy IS NULL THEN 'no-reviewer'
      WHEN reviewedAt >= "at" AND reviewedAt <= reviewDue AND NOT own THEN NULL
      WHEN run.asOf <= reviewDue THEN 'not-due'
      WHEN reviewedAt >= "at" AND own THEN 'reviewed-by-user'
      WHEN reviewedAt > reviewDue THEN 'reviewed-late' ELSE 'not-reviewed' END AS reason
  FROM "use" u CROSS JOIN run
)
SELECT c.id AS unit, c."at", c.contactId, c.recordingId, NULL AS party, c.staff,
  CASE WHEN c.reason IS NULL THEN 'pass' WHEN c.reason IN ('not-due', 'no-rule') THEN 'notApplicable'
    WHEN c.reason IN ('not-reviewed', 'reviewed-late', 'reviewed-by-user') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  c.reason, NULL AS severity, c.person AS cause, c.packKey, 'access.breakGlassReview' AS ruleRef, NULL AS law,
  CASE WHEN c.reason IS NOT NULL THEN [{kind: 'grant', id: c.id}, {kind: 'access', id: c.accessId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN c.reason IS NOT NULL THEN to_json({"grant": c.id, principal: c.principal, users: c.persons, uses: c.uses, reviewer: c.reviewedBy, reviewedAt: c.reviewedAt, reviewDue: c.reviewDue}) END AS details
FROM coded c
ORDER BY unit
