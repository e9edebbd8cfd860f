-- What is shown of a recorded outsider whose recording failed one of the seven, or cannot be told: the rows of the law and which
-- of them failed, whose place brought each, every item of evidence with its defects, the exposures, the names searched.
WITH verdict AS (
  SELECT * EXCLUDE (shown), unnest(shown[1]) FROM consentJudgement WHERE outcome IN ('fail', 'unverifiable') AND outsider IS NOT NULL
),
defective AS (
  SELECT i.item, i.outsider, i.kind, i.id, i."at", i.late, c.until, c.expiresAt, c.form, c.inside, c.standing, c.stands, c.afterwards, c.toneMet, c.notice,
    list_filter([CASE WHEN i.isLate THEN 'late' END, CASE WHEN c.expired THEN 'expired' END, CASE WHEN i.outside THEN 'outside' END,
      CASE WHEN NOT i.outside AND NOT i.accepted THEN 'form' END], lambda d: d IS NOT NULL) AS defects
  FROM itemDefect i JOIN consentItem c ON c.rowid = i.item
  WHERE i.outsider IN (SELECT outsider FROM verdict)
),
decisive AS (
  SELECT i.* FROM verdict s JOIN defective i ON i.outsider = s.outsider AND i.kind = s.item.kind AND i.id = s.item.id
  WHERE s.reason IN ('late', 'expired', 'outside', 'form')
),
-- Verdicts of one shape fail the same rows of the law, which are worked out once for each shape.
shown AS (
  SELECT s.*, d.form, d.inside, d.late, d.afterwards, d.stands, d.toneMet, d."at" AS evidenceAt, d.notice, d.expiresAt, d.kind AS decisiveKind, d.id AS decisiveId,
    concat_ws('|', s.scope, s.reason, d.form, d.inside, d.late, d.afterwards, d.stands, coalesce(d.toneMet, false)) AS shape
  FROM verdict s LEFT JOIN decisive d ON d.outsider = s.outsider
),
shaped AS (
  SELECT DISTINCT shape, scope, reason, form, inside, late, afterwards, stands, coalesce(toneMet, false) AS toneMet FROM shown
),
ruled AS (
  SELECT s.shape, l.*,
    l.governs AND CASE s.reason
      WHEN 'late' THEN CASE WHEN l.opening THEN s.late ELSE s.afterwards END
      WHEN 'outside' THEN l.wantsInside
      WHEN 'form' THEN NOT s.stands OR NOT CASE s.form
        WHEN 'announcement' THEN l.notice OR (l.noticeInside AND s.inside) WHEN 'tone' THEN l.tone AND s.toneMet
        WHEN 'verbal' THEN l.verbal OR (l.verbalInside AND s.inside) WHEN 'keypad' THEN l.keypad
        WHEN 'electronic' THEN l.electronic WHEN 'written' THEN l.written ELSE l.contract END
      ELSE true
    END AS failed
  FROM shaped s JOIN scopeRow l ON l.scope = s.scope
),
law AS (
  SELECT shape,
    list({jurisdiction: jurisdiction, version: version, citation: citation} ORDER BY jurisdiction) FILTER (failed AND jurisdiction <> 'unknown') AS law,
    string_agg(jurisdiction, ', ' ORDER BY jurisdiction) FILTER (failed) AS failing,
    string_agg(jurisdiction, ', ' ORDER BY jurisdiction) FILTER (governs) AS governing,
    bool_and(jurisdiction = 'unknown') FILTER (governs) AS unknownGoverns,
    bool_or(assumed) FILTER (governs) AS assumed,
    list({jurisdiction: jurisdiction, mode: mode, version: version, versionAssumed: assumed, forms: CASE WHEN jurisdiction <> 'unknown' THEN forms END,
      noticeInRecording: wantsInside, citation: citation, governs: governs, failed: failed} ORDER BY jurisdiction) AS lawRows
  FROM ruled GROUP BY shape
),
place AS (
  SELECT s.outsider, list_sort(list_distinct(list({role: p.role, place: p.place,
    jurisdiction: coalesce(p.jurisdiction, CASE WHEN p.isOutsider THEN 'unknown' END), weak: p.weak}))) AS places
  FROM shown s JOIN recordedOutsider u ON u.rowid = s.outsider JOIN consideredPlace p ON p.recordingNumber = u.recordingNumber
  GROUP BY s.outsider
),
item AS (
  SELECT s.outsider,
    list_sort(list_distinct(list({"at": replace(i."at"::VARCHAR, ' ', 'T') || 'Z', kind: i.kind, id: i.id, form: i.form, until: replace(i.until::VARCHAR, ' ', 'T') || 'Z',
      inside: i.inside, standing: i.standing, notice: i.notice, defects: i.defects}))) AS items,
    list_distinct(list({kind: i.kind, id: i.id}) FILTER (s.item IS NULL OR i.id <> s.item.id OR i.kind <> s.item.kind)) AS others
  FROM shown s JOIN defective i ON i.outsider = s.outsider
  GROUP BY s.outsider
),
exposed AS (
  SELECT s.outsider, list({"from": replace(e."from"::VARCHAR, ' ', 'T') || 'Z', until: replace(e.until::VARCHAR, ' ', 'T') || 'Z'} ORDER BY e."from") AS exposures
  FROM shown s JOIN recordedOutsider u ON u.rowid = s.outsider
  JOIN exposure e ON e.recordingNumber = u.recordingNumber AND e.party = u.party AND e.isOutsider
  GROUP BY s.outsider
),
heard AS (
  SELECT s.outsider, list(DISTINCT {kind: 'transcript', id: g.contactId || coalesce('/' || g.recordingId, '')}) AS transcripts
  FROM shown s JOIN signal g ON g.contactId = s.contactId AND g.type IN ('recording-notice', 'spoken-yes')
  WHERE s.reason IN ('no-evidence', 'joined-uninformed', 'overruled', 'late')
  GROUP BY s.outsider
),
-- Where a no ended or overrules all that is known: the evidence, and every no by then.
overruled AS (
  SELECT s.outsider, list(DISTINCT {kind: i.kind, id: i.id}) AS items
  FROM shown s JOIN consentItem i ON i.outsider = s.outsider AND i."at" <= i.lastExposed AND (list_contains(i.purposes, 'recording') OR list_contains(i.purposes, '*'))
  WHERE s.reason = 'overruled' GROUP BY s.outsider
),
overruling AS (
  SELECT s.outsider, list_sort(list(DISTINCT {kind: n.kind, id: n.id})) AS noes
  FROM shown s JOIN purposeRefusal n ON n.outsider = s.outsider AND n.purpose = 'recording' AND n."at" <= s.lastExposed
  WHERE s.reason = 'overruled' GROUP BY s.outsider
),
known AS (
  SELECT person, list_distinct(list(name)) AS names FROM personName SEMI JOIN shown USING (person) GROUP BY person
)
SELECT s.unit, l.law, list_sort(list_distinct(list_append(coalesce(n.names, []), s.party))) AS searched,
  list_filter([{kind: 'recording', id: s.recordingId}, {kind: 'contact', id: s.contactId},
    CASE WHEN s.reason IN ('refused', 'withdrawn', 'objected') THEN {kind: s.refusalKind, id: s.refusalId} ELSE {kind: s.decisiveKind, id: s.decisiveId} END], lambda x: x.id IS NOT NULL) || coalesce(w.noes, []) AS evidence,
  list_sort(list_concat(i.others, o.items, h.transcripts)) AS contrary,
  CASE s.reason
    WHEN 'late' THEN coalesce('notice ' || s.notice, 'queue ' || s.queue)
    WHEN 'outside' THEN coalesce('notice ' || s.notice, 'queue ' || s.queue)
    WHEN 'form' THEN coalesce(l.failing, 'text') || ', form ' || s.form
    WHEN 'expired' THEN NULL
    ELSE 'queue ' || s.queue
  END AS cause,
  CASE
    WHEN s.reason IN ('refused', 'withdrawn', 'objected') THEN 'consent'
    WHEN starts_with(s.rule, 'text-') THEN 'consent.text.' || s.channel
    WHEN s.reason = 'expired' AND s.expiresAt IS NULL THEN 'consent.standingValidity'
    WHEN l.unknownGoverns THEN 'consent.unknownJurisdiction'
    ELSE 'consent.law'
  END AS ruleRef,
  to_json({
    rule: s.rule, governing: coalesce(l.governing, 'text on ' || s.channel), failing: coalesce(l.failing, 'text on ' || s.channel),
    versionAssumed: coalesce(l.assumed, false), rows: l.lawRows, places: p.places, leftOut: s.leftOut, joined: replace(s.joined::VARCHAR, ' ', 'T') || 'Z',
    firstExposed: replace(s.firstExposed::VARCHAR, ' ', 'T') || 'Z', lastExposed: replace(s.lastExposed::VARCHAR, ' ', 'T') || 'Z', exposures: e.exposures,
    items: coalesce(i.items, []), form: s.form, evidenceAt: replace(s.evidenceAt::VARCHAR, ' ', 'T') || 'Z', notice: s.notice,
    expiresAt: replace(s.expiresAt::VARCHAR, ' ', 'T') || 'Z',
    said: s.says, saidAt: replace(s.saidAt::VARCHAR, ' ', 'T') || 'Z', contested: s.contested
  }) AS details
FROM shown s
LEFT JOIN law l ON l.shape = s.shape
LEFT JOIN place p ON p.outsider = s.outsider
LEFT JOIN item i ON i.outsider = s.outsider
LEFT JOIN exposed e ON e.outsider = s.outsider
LEFT JOIN heard h ON h.outsider = s.outsider
LEFT JOIN overruled o ON o.outsider = s.outsider
LEFT JOIN overruling w ON w.outsider = s.outsider
LEFT JOIN known n ON n.person = s.person
