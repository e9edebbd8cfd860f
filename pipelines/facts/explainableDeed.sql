-- What was done successfully (accessDeed; not list) under a policy, with what that policy says of explanations.
SELECT d.rowid::INTEGER AS deed, d.packKey, d.actorKind, d.actor, d.who, d.staff, d.action, d.purpose, p.explanations, p.handledContact, p.recentContact,
  coalesce(p.clockTolerance, INTERVAL 0 SECOND) AS clockTolerance, p.auditPrincipals
FROM accessDeed d JOIN pack p ON p.packKey = d.packKey WHERE d.outcome = 'success' AND d.action <> 'list'
