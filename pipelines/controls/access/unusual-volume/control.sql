WITH daily AS (
  SELECT person, staff, "at"::DATE AS "day", min("at") AS "at", count(DISTINCT target) AS recordings
  FROM accessAct WHERE outcome = 'success' AND actorKind = 'staff' AND action <> 'list' GROUP BY ALL
),
middle AS (
  SELECT person, count(*) AS "days", median(recordings) AS median FROM daily GROUP BY person
),
-- The deviation is at least one recording, so that an even past does not turn a small change into a lead (Iglewicz and Hoaglin's
-- modified z-score: 0.6745 (x - median) / MAD).
spread AS (
  SELECT d.person, m."days", m.median, greatest(median(abs(d.recordings - m.median)), 1) AS deviation
  FROM daily d JOIN middle m ON m.person = d.person GROUP BY d.person, m."days", m.median
),
scored AS (
  SELECT d.*, s."days", s.median, s.deviation, 0.6745 * (d.recordings - s.median) / s.deviation AS score
  FROM daily d JOIN spread s ON s.person = d.person
)
SELECT person || '|' || "day" AS unit, "at", NULL AS contactId, NULL AS recordingId, NULL AS party, staff,
  CASE WHEN "days" < 11 THEN 'notApplicable' WHEN score >= 6 AND recordings >= 50 THEN 'fail' ELSE 'pass' END AS outcome,
  CASE WHEN "days" < 11 THEN 'too-few-days' WHEN score >= 6 AND recordings >= 50 THEN 'unusual' END AS reason,
  NULL AS severity, person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN "days" >= 11 AND score >= 6 AND recordings >= 50 THEN to_json({person: person, "day": "day"::VARCHAR, recordings: recordings, baselineDays: "days" - 1,
    median: median, deviation: deviation, score: round(score, 1)}) END AS details
FROM scored
ORDER BY unit
