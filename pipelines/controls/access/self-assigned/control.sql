SELECT u.id AS unit, u."at", a.contactId, a.recordingId, NULL AS party, a.staff,
  CASE WHEN u.weakness = 'self' AND NOT u.doubtful THEN 'fail' WHEN u.weakness IS NOT NULL OR u.doubtfulAssigner THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN u.weakness = 'self' AND NOT u.doubtful THEN 'self-assigned' WHEN u.weakness = 'nobody' THEN 'no-assigner'
    WHEN u.weakness IS NOT NULL OR u.doubtfulAssigner THEN 'ambiguous-person' END AS reason,
  NULL AS severity, a.person AS cause, a.packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN u.weakness IS NOT NULL OR u.doubtfulAssigner THEN [{kind: 'assignment', id: u.id}, {kind: 'access', id: u.accessId}] END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN u.weakness IS NOT NULL OR u.doubtfulAssigner THEN to_json({holder: a.person, assignment: u.id, action: a.action, target: a.target, uses: u.uses}) END AS details
FROM assignmentUse u JOIN accessAct a ON a.access = u.access
ORDER BY unit
