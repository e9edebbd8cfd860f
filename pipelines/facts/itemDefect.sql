-- Items of evidence for recording that were known up to the last exposure's end, with what each lacks under the rules that govern:
-- late, expired, outside, form, in that order (controls.md, consent). An item without defects satisfies every governing row.
WITH judged AS (
  SELECT i.*, r.scope, r.rule, r.wantsInside AND i.form = 'announcement' AND NOT i.inside AND i.stands AS outside,
    CASE WHEN r.opening THEN i.late ELSE i.afterwards END AS isLate,
    i.stands AND CASE i.form
      WHEN 'announcement' THEN r.notice OR (r.noticeInside AND i.inside)
      WHEN 'tone' THEN r.tone AND coalesce(i.toneMet, false)
      WHEN 'verbal' THEN r.verbal OR (r.verbalInside AND i.inside)
      WHEN 'keypad' THEN r.keypad
      WHEN 'electronic' THEN r.electronic
      WHEN 'written' THEN r.written
      WHEN 'contract' THEN r.contract
    END AS accepted
  FROM purposeItem i
  JOIN recordingScope s ON s.recordingId = i.recordingId
  JOIN scopeRule r ON r.scope = s.scope
  WHERE i.purpose = 'recording' AND i."at" <= i.lastExposed
),
defective AS (
  SELECT *, [d FOR d IN [CASE WHEN isLate THEN 'late' END, CASE WHEN expired THEN 'expired' END, CASE WHEN outside THEN 'outside' END,
    CASE WHEN NOT outside AND NOT accepted THEN 'form' END] IF d IS NOT NULL] AS defects
  FROM judged
)
SELECT recordingId, party, kind, id, form, "at", until, standing, express, inside, early, afterwards, opened, late, expired, expiresAt, stands, toneMet, notice, ambiguous,
  defects, len(defects) AS defectCount,
  CASE defects[1] WHEN 'late' THEN 4 WHEN 'expired' THEN 5 WHEN 'outside' THEN 6 WHEN 'form' THEN 7 ELSE 0 END AS firstDefect
FROM defective
