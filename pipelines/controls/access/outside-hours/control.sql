-- act: the access that decides, which is what is said of the session.
WITH timed AS (
  SELECT s.session, arg_min({localTime: h.localTime, zone: h.zone, "at": r."at", deed: r.deed}, (r."at", r.accessId)) AS act
  FROM accessHours h JOIN accessSession s ON s.access = h.access JOIN accessRow r ON r.rowid = h.access GROUP BY s.session
),
-- Roles with hours of all accesses of a session that is shown.
role AS (
  SELECT a.session, list_sort(list_distinct(flatten(list(p.roles)))) AS roles
  FROM accessSession a SEMI JOIN (SELECT session FROM timed UNION ALL FROM doubtfulSession) x ON x.session = a.session
  JOIN hoursDuty p ON p.deed = a.deed AND p."from" <= a."at" AND a."at" < p.until GROUP BY a.session
),
coded AS (
  SELECT v.* REPLACE (coalesce(h.act."at", v."at") AS "at", d.packKey AS packKey, d.actor AS actor, d.onBehalfOf AS onBehalfOf, d.purpose AS purpose), h.act.localTime AS localTime, h.act.zone AS zone, o.roles, CASE WHEN h.session IS NOT NULL THEN 'outside-hours' WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' WHEN d.packKey IS NULL THEN 'no-policy' WHEN f.session IS NOT NULL THEN 'no-hours' END AS reason
  FROM accessUnit v LEFT JOIN timed h ON h.session = v.session JOIN accessDeed d ON d.rowid = coalesce(h.act.deed, v.deed) LEFT JOIN freeSession f ON f.session = v.session AND f.duty = 'hours' LEFT JOIN role o ON o.session = v.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM timed UNION ALL FROM doubtfulSession) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'outside-hours' THEN 'fail' WHEN v.reason IN ('not-staff', 'no-hours') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, CASE WHEN v.reason = 'outside-hours' THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, 'access.hours' AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-hours') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-hours') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    localTime: strftime(v.localTime, '%A %H:%M'), zone: v.zone, roles: v.roles}) END AS details
FROM coded v
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
