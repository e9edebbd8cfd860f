-- lack: what is missing for the access that decides, which is what is said of the session.
WITH lacking AS (
  SELECT s.session, arg_min({course: l.course, lapsedAt: l.lapsedAt, "at": r."at", deed: r.deed}, (r."at", l.course, r.accessId)) AS lack
  FROM trainingDuty l JOIN accessSession s ON s.deed = l.deed AND l."from" <= s."at" AND s."at" < l.until JOIN accessRow r ON r.rowid = s.access
  WHERE NOT l.trained GROUP BY s.session
),
coded AS (
  SELECT v.* REPLACE (coalesce(l.lack."at", v."at") AS "at", d.packKey AS packKey, d.actor AS actor, d.onBehalfOf AS onBehalfOf, d.purpose AS purpose), l.lack, CASE WHEN l.session IS NOT NULL THEN CASE WHEN l.lack.lapsedAt IS NULL THEN 'never-trained' ELSE 'training-lapsed' END
    WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' WHEN d.packKey IS NULL THEN 'no-policy' WHEN f.session IS NOT NULL THEN 'no-rule' END AS reason
  FROM accessUnit v LEFT JOIN lacking l ON l.session = v.session JOIN accessDeed d ON d.rowid = coalesce(l.lack.deed, v.deed) LEFT JOIN freeSession f ON f.session = v.session AND f.duty = 'training'
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM lacking UNION ALL FROM doubtfulSession) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason IN ('never-trained', 'training-lapsed') THEN 'fail' WHEN v.reason IN ('not-staff', 'no-rule') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, CASE WHEN v.reason IN ('never-trained', 'training-lapsed') THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, 'access.training' AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-rule') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.staff IS NULL THEN [] ELSE [{kind: 'staff', id: v.staff}] END END AS evidence, NULL AS contrary,
  CASE WHEN v.reason IN ('never-trained', 'training-lapsed') THEN n.names END AS searched,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-rule') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, course: v.lack.course, lapsedAt: v.lack.lapsedAt}) END AS details
FROM coded v
LEFT JOIN trail t ON t.session = v.session
LEFT JOIN staffNames n ON n.staff = v.staff
ORDER BY unit
