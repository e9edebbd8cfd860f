-- Somebody wrote or queued, and the first response came later than the channel's target, or not at all.
WITH judged AS (
  SELECT f.*,
    CASE
      WHEN f.due IS NULL THEN 'notApplicable'
      WHEN f.answeredAt <= f.due THEN 'pass'
      WHEN f.answeredAt IS NULL AND run.asOf <= f.due THEN 'notApplicable'
      WHEN f.doubt IS NOT NULL THEN 'unverifiable'
      ELSE 'fail'
    END AS result
  FROM firstResponse f CROSS JOIN run
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
    json_object('channel', channel, 'queue', queue, 'waitedFrom', waitedFrom, 'due', due, 'answeredAt', answeredAt, 'lateSeconds', CASE WHEN answeredAt IS NOT NULL THEN epoch(answeredAt - due)::BIGINT END) END AS details
FROM judged
ORDER BY unit
