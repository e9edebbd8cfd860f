-- Somebody wrote or queued, and the first response came later than the channel's target, or not at all.
WITH judged AS (
  SELECT f.* REPLACE (coalesce(t.due, f.due) AS due), f.due AS dueByClock, epoch(coalesce(f.answeredAt, run."asOf") - f.waitedFrom)::BIGINT AS clockSeconds, t.workingSeconds, t.spoken,
    CASE
      WHEN f.due IS NULL THEN 'notApplicable'
      WHEN f.answeredAt <= coalesce(t.due, f.due) THEN 'pass'
      WHEN f.answeredAt IS NULL AND run.asOf <= coalesce(t.due, f.due) THEN 'notApplicable'
      WHEN f.doubt IS NOT NULL THEN 'unverifiable'
      ELSE 'fail'
    END AS result
  FROM firstResponse f CROSS JOIN run LEFT JOIN serviceTime t ON t.type = 'first-response' AND t.id = f.contactId
)
SELECT
  contactId AS unit, waitedFrom AS "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN CASE WHEN answeredAt IS NULL THEN 'never-answered' ELSE 'answered-late' END
    WHEN 'unverifiable' THEN doubt
    WHEN 'notApplicable' THEN CASE WHEN packKey IS NULL THEN 'no-pack' WHEN due IS NULL THEN 'no-target' ELSE 'not-yet-due' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN coalesce(queue, channel) END AS cause,
  packKey,
  CASE WHEN result IN ('fail', 'unverifiable') THEN 'service.firstResponse.' || channel END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    list_concat([{kind: 'contact', id: contactId}], CASE WHEN askedId IS NOT NULL THEN [{kind: 'event', id: askedId}] END, CASE WHEN answeredId IS NOT NULL THEN [{kind: 'event', id: answeredId}] END) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('channel', channel, 'queue', queue, 'waitedFrom', waitedFrom, 'due', due, 'dueByClock', CASE WHEN workingSeconds IS NOT NULL THEN dueByClock END, 'answeredAt', answeredAt,
      'workingHours', spoken, 'clockSeconds', clockSeconds, 'workingSeconds', workingSeconds,
      'passed', CASE WHEN workingSeconds IS NULL THEN CASE WHEN clockSeconds < 172800 THEN printf('%d h %02d min %02d s by the clock', clockSeconds // 3600, clockSeconds // 60 % 60, clockSeconds % 60)
            ELSE printf('%d days %d h by the clock', clockSeconds // 86400, clockSeconds // 3600 % 24) END
        ELSE printf('%d h %02d min %02d s of working time (%s), %d h %02d min %02d s by the clock', workingSeconds // 3600, workingSeconds // 60 % 60, workingSeconds % 60, spoken, clockSeconds // 3600, clockSeconds // 60 % 60, clockSeconds % 60) END,
       'lateSeconds', CASE WHEN answeredAt IS NOT NULL THEN epoch(answeredAt - due)::BIGINT END) END AS details
FROM judged
ORDER BY unit
