-- What became of each escalation asked for and each follow-up promised (type), as its control says it: kept in time,
-- too late, never, or not to be told.
WITH judged AS (
  SELECT p.*, epoch(coalesce(p.doneAt, run."asOf") - p.base)::BIGINT AS clockSeconds, t.workingSeconds, t.spoken,
    CASE
      WHEN p.due IS NULL THEN 'notApplicable'
      WHEN p.doneAt <= p.due THEN 'pass'
      WHEN p.doneAt IS NULL AND run.asOf <= p.due THEN 'notApplicable'
      WHEN p.doubt IS NOT NULL THEN 'unverifiable'
      ELSE 'fail'
    END AS result
  FROM promiseKept p CROSS JOIN run LEFT JOIN serviceTime t ON t.type = p.type AND t.id = p.eventId
)
SELECT
  type, eventId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN CASE WHEN doneAt IS NULL THEN 'never-done' ELSE 'done-late' END
    WHEN 'unverifiable' THEN doubt
    WHEN 'notApplicable' THEN CASE WHEN due IS NULL THEN 'no-due-time' ELSE 'not-yet-due' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN queue END AS cause,
  packKey,
  CASE WHEN packKey IS NOT NULL THEN CASE WHEN type = 'escalation-requested' THEN 'service.escalation' ELSE 'service.followUp' END END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    list_concat([{kind: 'event', id: eventId}, {kind: 'contact', id: contactId}], CASE WHEN doneId IS NOT NULL THEN [{kind: 'event', id: doneId}] END) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN json_object('eventId', eventId, 'due', due, 'doneAt', doneAt, 'customer', partyId, 'queue', queue, 'countedFrom', base,
      'dueByClock', CASE WHEN workingSeconds IS NOT NULL THEN base + term END, 'workingHours', spoken, 'clockSeconds', clockSeconds, 'workingSeconds', workingSeconds,
      'passed', CASE WHEN workingSeconds IS NULL THEN CASE WHEN clockSeconds < 172800 THEN printf('%d h %02d min %02d s by the clock', clockSeconds // 3600, clockSeconds // 60 % 60, clockSeconds % 60)
            ELSE printf('%d days %d h by the clock', clockSeconds // 86400, clockSeconds // 3600 % 24) END
        ELSE printf('%d h %02d min %02d s of working time (%s), %d h %02d min %02d s by the clock', workingSeconds // 3600, workingSeconds // 60 % 60, workingSeconds % 60, spoken, clockSeconds // 3600, clockSeconds // 60 % 60, clockSeconds % 60) END) END AS details
FROM judged
