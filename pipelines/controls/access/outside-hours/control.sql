WITH timed AS (
  SELECT s.sessionId, bool_or(NOT h.inside) AS outside, min(h.localTime) FILTER (NOT h.inside) AS localTime, min(h.zone) AS zone,
    list_sort(list_distinct(flatten(list(h.roles)))) AS roles
  FROM accessHours h JOIN accessSession s ON s.accessId = h.accessId GROUP BY s.sessionId
),
coded AS (
  SELECT v.*, h.localTime, h.zone, h.roles, CASE WHEN h.outside THEN 'outside-hours' WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' WHEN v.packKey IS NULL THEN 'no-policy' WHEN h.sessionId IS NULL THEN 'no-hours' END AS reason
  FROM accessUnit v LEFT JOIN timed h ON h.sessionId = v.sessionId
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'outside-hours' THEN 'fail' WHEN v.reason IN ('not-staff', 'no-hours') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, v.person AS cause, v.packKey, 'access.hours' AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-hours') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-hours') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    localTime: strftime(v.localTime, '%A %H:%M'), zone: v.zone, roles: v.roles}) END AS details
FROM coded v
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
