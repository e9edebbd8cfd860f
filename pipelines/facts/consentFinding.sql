-- What is shown of a recorded outsider whose recording failed one of the seven, or cannot be told: the rows of the law and which
-- of them failed, whose place brought each, every item of evidence with its defects, the exposures, the names searched.
WITH shown AS (
  SELECT * FROM consentJudgement WHERE outcome IN ('fail', 'unverifiable') AND party IS NOT NULL
),
decisive AS (
  SELECT s.unit, i.* FROM shown s JOIN itemDefect i ON i.recordingId = s.recordingId AND i.party = s.party AND i.kind = s.item.kind AND i.id = s.item.id
  WHERE s.reason IN ('late', 'expired', 'outside', 'form')
),
ruled AS (
  SELECT s.unit, l.*,
    l.governs AND CASE s.reason
      WHEN 'late' THEN CASE WHEN l.opening THEN d.late ELSE d.afterwards END
      WHEN 'outside' THEN l.wantsInside
      WHEN 'form' THEN NOT d.stands OR NOT CASE d.form
        WHEN 'announcement' THEN l.notice OR (l.noticeInside AND d.inside) WHEN 'tone' THEN l.tone AND coalesce(d.toneMet, false)
        WHEN 'verbal' THEN l.verbal OR (l.verbalInside AND d.inside) WHEN 'keypad' THEN l.keypad
        WHEN 'electronic' THEN l.electronic WHEN 'written' THEN l.written ELSE l.contract END
      ELSE true
    END AS failed
  FROM shown s JOIN scopeRow l ON l.scope = s.scope LEFT JOIN decisive d ON d.unit = s.unit
),
law AS (
  SELECT unit,
    list({jurisdiction: jurisdiction, version: version, citation: citation} ORDER BY jurisdiction) FILTER (failed AND jurisdiction <> 'unknown') AS law,
    string_agg(jurisdiction, ', ' ORDER BY jurisdiction) FILTER (failed) AS failing,
    string_agg(jurisdiction, ', ' ORDER BY jurisdiction) FILTER (governs) AS governing,
    bool_and(jurisdiction = 'unknown') FILTER (governs) AS unknownGoverns,
    bool_or(assumed) FILTER (governs) AS assumed,
    list({jurisdiction: jurisdiction, mode: mode, version: version, versionAssumed: assumed, forms: CASE WHEN jurisdiction <> 'unknown' THEN forms END,
      noticeInRecording: wantsInside, citation: citation, governs: governs, failed: failed} ORDER BY jurisdiction) AS lawRows
  FROM ruled GROUP BY unit
),
place AS (
  SELECT s.unit, list(DISTINCT {role: p.role, place: p.place, jurisdiction: coalesce(p.jurisdiction, CASE WHEN p.isOutsider THEN 'unknown' END), weak: p.weak}) AS places
  FROM shown s JOIN consideredPlace p ON p.recordingId = s.recordingId
  GROUP BY s.unit
),
item AS (
  SELECT s.unit,
    list(DISTINCT {"at": replace(i."at"::VARCHAR, ' ', 'T') || 'Z', kind: i.kind, id: i.id, form: i.form, until: replace(i.until::VARCHAR, ' ', 'T') || 'Z', inside: i.inside,
      standing: i.standing, notice: i.notice, defects: i.defects}) AS items,
    list(DISTINCT {kind: i.kind, id: i.id}) FILTER (s.item IS NULL OR i.id <> s.item.id OR i.kind <> s.item.kind) AS others
  FROM shown s JOIN itemDefect i ON i.recordingId = s.recordingId AND i.party = s.party
  GROUP BY s.unit
),
exposed AS (
  SELECT s.unit, list({"from": replace(e."from"::VARCHAR, ' ', 'T') || 'Z', until: replace(e.until::VARCHAR, ' ', 'T') || 'Z'} ORDER BY e."from") AS exposures
  FROM shown s JOIN exposure e ON e.recordingId = s.recordingId AND e.party = s.party AND e.isOutsider
  GROUP BY s.unit
),
heard AS (
  SELECT s.unit, list(DISTINCT {kind: 'transcript', id: g.contactId || coalesce('/' || g.recordingId, '')}) AS transcripts
  FROM shown s JOIN signal g ON g.contactId = s.contactId AND g.type IN ('recording-notice', 'spoken-yes')
  WHERE s.reason IN ('no-evidence', 'joined-uninformed', 'late')
  GROUP BY s.unit
),
name AS (
  SELECT s.unit, list_sort(list_distinct(list_concat(list(n.name), [any_value(s.party)]))) AS names
  FROM shown s LEFT JOIN personName n ON n.person = s.person
  GROUP BY s.unit
)
SELECT s.unit, l.law, n.names AS searched,
  list_filter([{kind: 'recording', id: s.recordingId}, {kind: 'contact', id: s.contactId},
    CASE WHEN s.reason IN ('refused', 'withdrawn', 'objected') THEN {kind: s.refusalKind, id: s.refusalId} ELSE {kind: d.kind, id: d.id} END], lambda x: x.id IS NOT NULL) AS evidence,
  list_sort(list_concat(i.others, h.transcripts)) AS contrary,
  CASE s.reason
    WHEN 'late' THEN coalesce('notice ' || d.notice, 'queue ' || s.queue)
    WHEN 'outside' THEN coalesce('notice ' || d.notice, 'queue ' || s.queue)
    WHEN 'form' THEN l.failing || ', form ' || d.form
    WHEN 'expired' THEN NULL
    ELSE 'queue ' || s.queue
  END AS cause,
  CASE
    WHEN s.reason IN ('refused', 'withdrawn', 'objected') THEN 'consent'
    WHEN starts_with(s.rule, 'text-') THEN 'consent.text.' || s.channel
    WHEN s.reason = 'expired' AND d.expiresAt IS NULL THEN 'consent.standingValidity'
    WHEN l.unknownGoverns THEN 'consent.unknownJurisdiction'
    ELSE 'consent.law'
  END AS ruleRef,
  to_json({
    rule: s.rule, governing: coalesce(l.governing, 'text on ' || s.channel), failing: coalesce(l.failing, 'text on ' || s.channel),
    versionAssumed: coalesce(l.assumed, false), rows: l.lawRows, places: list_sort(p.places), leftOut: s.leftOut,
    firstExposed: replace(s.firstExposed::VARCHAR, ' ', 'T') || 'Z', lastExposed: replace(s.lastExposed::VARCHAR, ' ', 'T') || 'Z', exposures: e.exposures,
    items: coalesce(list_sort(i.items), []), form: d.form, evidenceAt: replace(d."at"::VARCHAR, ' ', 'T') || 'Z', notice: d.notice,
    expiresAt: replace(d.expiresAt::VARCHAR, ' ', 'T') || 'Z',
    said: s.says, saidAt: replace(s.saidAt::VARCHAR, ' ', 'T') || 'Z', contested: s.contested
  }) AS details
FROM shown s
LEFT JOIN law l ON l.unit = s.unit
LEFT JOIN place p ON p.unit = s.unit
LEFT JOIN item i ON i.unit = s.unit
LEFT JOIN exposed e ON e.unit = s.unit
LEFT JOIN heard h ON h.unit = s.unit
LEFT JOIN name n ON n.unit = s.unit
LEFT JOIN decisive d ON d.unit = s.unit
