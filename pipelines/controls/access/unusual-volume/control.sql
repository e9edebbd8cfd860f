WITH own AS (
  SELECT rowid::INTEGER AS deed, who, person, staff FROM accessDeed WHERE outcome = 'success' AND actorKind = 'staff' AND action <> 'list'
),
"day" AS MATERIALIZED (
  SELECT o.who, o.person, o.staff, y."day", min(y."from") AS "at", sum(y.accesses) AS accesses FROM accessDay y JOIN own o ON o.deed = y.deed GROUP BY ALL
),
-- Recordings are told apart only for those who on some day opened fifty of them or one of them fifty times.
active AS (
  SELECT DISTINCT who FROM "day" WHERE accesses >= 50
),
opened AS (
  SELECT who, "day", count(*) AS recordings FROM (
    SELECT DISTINCT o.who, r."at"::DATE AS "day", r.aim FROM accessRow r JOIN (FROM own SEMI JOIN active USING (who)) o ON o.deed = r.deed
  ) GROUP BY who, "day"
),
daily AS (
  SELECT d.person, d.staff, d."day", d."at", coalesce(o.recordings, 0) AS recordings FROM "day" d LEFT JOIN opened o ON o.who = d.who AND o."day" = d."day"
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
