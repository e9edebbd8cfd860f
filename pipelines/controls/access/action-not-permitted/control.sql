-- act: the access that decides, which is what is said of the session.
WITH beyond AS (
  SELECT s.session, bool_or(x.doubt IS NULL) AS failed, min(x.doubt) AS doubt,
    arg_min({"at": r."at", deed: r.deed}, (x.doubt IS NOT NULL, r."at", r.accessId)) AS act
  FROM notPermitted x JOIN accessSession s ON s.access = x.access JOIN accessRow r ON r.rowid = x.access GROUP BY s.session
),
ruled AS (
  SELECT DISTINCT packKey FROM packRole
),
judged AS (
  SELECT v.* REPLACE (coalesce(b.act."at", v."at") AS "at", d.packKey AS packKey, d.actor AS actor, d.onBehalfOf AS onBehalfOf, d.purpose AS purpose), coalesce(b.failed, false) AS failed,
    CASE v.actorKind WHEN 'ambiguous' THEN 'ambiguous-person' WHEN 'conflict' THEN 'conflicting-records' ELSE b.doubt END AS doubt,
    v.actorKind IN ('anonymous', 'unknown') AS nobody, v.staff IS NOT NULL AND r.packKey IS NULL AS unruled
  FROM accessUnit v LEFT JOIN beyond b ON b.session = v.session JOIN accessDeed d ON d.rowid = coalesce(b.act.deed, v.deed) LEFT JOIN ruled r ON r.packKey = d.packKey
),
coded AS (
  SELECT *, CASE WHEN failed THEN CASE WHEN staff IS NULL THEN 'not-in-service-list' ELSE 'not-permitted' END
    WHEN nobody THEN 'no-known-actor' WHEN packKey IS NULL THEN 'no-policy' WHEN doubt IS NOT NULL THEN doubt WHEN unruled THEN 'no-rule' END AS reason
  FROM judged
),
roleThen AS (
  SELECT c.session, list_sort(list(DISTINCT r.role)) AS roles
  FROM (FROM judged WHERE failed) c JOIN staffRole r ON r.staff = c.staff AND r."from" <= c."at" AND (r.until IS NULL OR c."at" < r.until)
  GROUP BY c.session
),
listed AS (
  SELECT packKey, id, list_sort(list_distinct(flatten(list(actions)))) AS actions FROM packService GROUP BY packKey, id
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM beyond UNION ALL FROM doubtfulSession) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.failed THEN 'fail' WHEN v.reason IN ('no-known-actor', 'no-rule') THEN 'notApplicable' WHEN v.reason IS NOT NULL THEN 'unverifiable' ELSE 'pass' END AS outcome,
  v.reason, NULL AS severity, CASE WHEN v.failed THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, CASE WHEN v.staff IS NULL THEN 'access.services' ELSE 'access.roles' END AS ruleRef, NULL AS law,
  CASE WHEN v.failed OR v.reason NOT IN ('no-known-actor', 'no-rule') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.failed AND v.staff IS NOT NULL THEN [{kind: 'staff', id: v.staff}] ELSE [] END END AS evidence,
  NULL AS contrary, CASE WHEN v.failed THEN coalesce(n.names, [v.actor]) END AS searched,
  CASE WHEN v.failed OR v.reason NOT IN ('no-known-actor', 'no-rule') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    roles: coalesce(o.roles, []), permitted: coalesce(l.actions, ['list', 'view', 'play', 'download'])}) END AS details
FROM coded v
LEFT JOIN roleThen o ON o.session = v.session
LEFT JOIN listed l ON l.packKey = v.packKey AND l.id = v.actor
LEFT JOIN trail t ON t.session = v.session
LEFT JOIN staffNames n ON n.staff = v.staff
ORDER BY unit
