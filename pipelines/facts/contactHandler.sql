-- Who handled what: for each contact, the staff of its whole chain, with the contact they were on and since when.
WITH linked AS (
  SELECT chain FROM chain GROUP BY chain HAVING count(*) > 1
),
leg AS (
  SELECT h.chain, s.contactId, s.staff, s.doubtful FROM contactStaff s JOIN chain h ON h.contactId = s.contactId SEMI JOIN linked l ON l.chain = h.chain
),
handled AS (
  SELECT contactId, staff, contactId AS handledId, doubtful FROM contactStaff
  UNION ALL
  SELECT o.contactId, l.staff, l.contactId, l.doubtful
  FROM chain o JOIN leg l ON l.chain = o.chain WHERE l.contactId <> o.contactId
)
SELECT h.contactId, h.staff, h.handledId, bool_and(h.doubtful) AS doubtful, min(c.startedAt) AS since
FROM handled h JOIN contact c ON c.id = h.handledId
GROUP BY h.contactId, h.staff, h.handledId
