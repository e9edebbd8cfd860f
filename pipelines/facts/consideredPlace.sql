-- The places that choose the law of a recording: every non-bot party's and the recorder's (policy.md, Which row).
-- Staff without a stated place have the site of their roster row then, else the contact's; the recorder has the contact's.
-- `jurisdiction` is the row of the law; NULL: none, so that staff and recorder are left out and a customer or third party
-- is unknown. `weak`: a customer's or third party's place known only from a network or a number prefix.
WITH timed AS (
  SELECT s.rowid AS recordingNumber, s.contactId, s.packKey, s."from", s.site, s.location, e.epoch
  FROM recordingSpan s JOIN lawEpoch e ON e.packKey = s.packKey
    AND (e."from" IS NULL OR e."from" <= s."from") AND (e.until IS NULL OR s."from" < e.until)
),
holder AS (
  SELECT t.recordingNumber, t.packKey, t.epoch, t."from" AS "at", t.site, p.partyIndex, p.party AS holder, p.role, p.isOutsider, p.staff,
    p.jurisdiction AS stated, p.isOutsider AND p.jurisdictionSource IN ('network', 'numberPrefix') AS weak
  FROM timed t JOIN party p ON p.contactId = t.contactId
  WHERE NOT p.isBot
),
roster AS (
  SELECT h.recordingNumber, h.partyIndex, coalesce(min(r.site) FILTER (r.role = h.role), min(r.site)) AS site
  FROM holder h JOIN staffRole r ON r.staff = h.staff AND r."from" <= h."at" AND (r.until IS NULL OR h."at" < r.until)
  WHERE h.stated IS NULL AND NOT h.isOutsider AND r.site IS NOT NULL
  GROUP BY h.recordingNumber, h.partyIndex
),
placed AS (
  SELECT h.recordingNumber, h.packKey, h.epoch, h.holder, h.role, h.isOutsider, coalesce(h.weak, false) AS weak,
    coalesce(h.stated, CASE WHEN NOT h.isOutsider THEN s.jurisdiction END) AS place
  FROM holder h
  LEFT JOIN roster r ON r.recordingNumber = h.recordingNumber AND r.partyIndex = h.partyIndex
  LEFT JOIN packSite s ON s.packKey = h.packKey AND s.site = coalesce(r.site, h.site)
  UNION ALL
  SELECT t.recordingNumber, t.packKey, t.epoch, NULL, 'recorder', false, false, coalesce(t.location, s.jurisdiction)
  FROM timed t LEFT JOIN packSite s ON s.packKey = t.packKey AND s.site = t.site
)
SELECT p.recordingNumber, p.packKey, p.epoch, p.holder, p.role, p.isOutsider, p.weak, p.place, l.jurisdiction
FROM placed p LEFT JOIN lawPlace l ON l.packKey = p.packKey AND l.epoch = p.epoch AND l.place = p.place
