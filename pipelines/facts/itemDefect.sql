-- Items of evidence for recording that were known up to the last exposure's end, with what each lacks under the rules that govern:
-- late (`isLate`), expired, outside, form, in that order (controls.md, consent). An item without defects satisfies every governing row.
WITH judged AS (
  SELECT i.*, r.wantsInside AND i.form = 'announcement' AND NOT i.inside AND i.stands AS outside,
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
  JOIN recordingScope s ON s.recordingNumber = i.recordingNumber
  JOIN scopeRule r ON r.scope = s.scope
  WHERE i.purpose = 'recording' AND i."at" <= i.lastExposed
)
SELECT item, outsider, kind, id, "at", ambiguous, late, isLate, outside, accepted,
  isLate::INTEGER + expired::INTEGER + outside::INTEGER + (NOT outside AND NOT accepted)::INTEGER AS defectCount,
  CASE WHEN isLate THEN 4 WHEN expired THEN 5 WHEN outside THEN 6 WHEN NOT accepted THEN 7 ELSE 0 END AS firstDefect
FROM judged
