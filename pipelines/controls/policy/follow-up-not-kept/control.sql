-- A follow-up was promised for a time, and it took place too late or not at all.
WITH judged AS (
  SELECT p.*, t.clockSeconds, t.workingSeconds, t.spoken,
    CASE
      WHEN p.due IS NULL THEN 'notApplicable'
      WHEN p.doneAt <= p.due THEN 'pass'
      WHEN p.doneAt IS NULL AND run.asOf <= p.due THEN 'notApplicable'
      WHEN p.doubt IS NOT NULL THEN 'unverifiable'
      ELSE 'fail'
    END AS result
  FROM promiseKept p CROSS JOIN run LEFT JOIN serviceTime t ON t.type = p.type AND t.id = p.eventId
  WHERE p.type = 'follow-up-promised'
)
SELECT
  eventId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN CASE WHEN doneAt IS NULL THEN 'never-done' ELSE 'done-late' END
    WHEN 'unverifiable' THEN doubt
    WHEN 'notApplicable' THEN CASE WHEN due IS NULL THEN 'no-due-time' ELSE 'not-yet-due' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN queue END AS cause,
  packKey,
  CASE WHEN packKey IS NOT NULL THEN 'service.followUp' END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    list_concat([{kind: 'event', id: eventId}, {kind: 'contact', id: contactId}], CASE WHEN doneId IS NOT NULL THEN [{kind: 'event', id: doneId}] END) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN json_object('eventId', eventId, 'due', due, 'doneAt', doneAt, 'customer', partyId, 'queue', queue, 'countedFrom', base,
      'dueByClock', CASE WHEN workingSeconds IS NOT NULL THEN base + term END, 'workingHours', spoken, 'clockSeconds', clockSeconds, 'workingSeconds', workingSeconds,
      'passed', CASE WHEN workingSeconds IS NULL THEN printf('%d h %02d min %02d s by the clock', clockSeconds // 3600, clockSeconds // 60 % 60, clockSeconds % 60)
        ELSE printf('%d h %02d min %02d s of working time (%s), %d h %02d min %02d s by the clock', workingSeconds // 3600, workingSeconds // 60 % 60, workingSeconds % 60, spoken, clockSeconds // 3600, clockSeconds // 60 % 60, clockSeconds % 60) END) END AS details
FROM judged
ORDER BY unit
