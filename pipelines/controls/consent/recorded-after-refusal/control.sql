-- 1 of the seven: the unit's one verdict, seen from this control.
SELECT j.unit, j."at", j.contactId, j.recordingId, j.party, NULL AS staff,
  CASE WHEN mine THEN j.outcome ELSE 'notApplicable' END AS outcome,
  CASE WHEN mine THEN j.reason ELSE 'decided-by:' || j.control END AS reason,
  NULL AS severity, f.cause, j.packKey, f.ruleRef, f.law, f.evidence, f.contrary, f.searched, f.details
FROM (SELECT *, control IS NULL OR control = 'consent/recorded-after-refusal' AS mine FROM consentJudgement) j
LEFT JOIN consentFinding f ON f.unit = CASE WHEN j.mine AND j.outcome <> 'pass' THEN j.unit END
ORDER BY j.unit
