-- For each session that nothing explains: what of the access that decides came nearest to an explanation and why it does not hold.
-- Each is a record that speaks for the person and is shown with the finding.
WITH open AS (
  SELECT v.access, v.session, a."at", a.staff, a.contactId
  FROM sessionFault v JOIN accessAct a ON a.access = v.access
  WHERE v.fires = 'unexplained'
),
support AS (
  SELECT o.session, w.kind AS template, w.kind, w.id,
    CASE w.weakness WHEN 'self' THEN 'made by its own holder' WHEN 'nobody' THEN 'nobody is named as having made it'
      ELSE CASE WHEN w.until <= o."at" THEN 'ended before' WHEN w."from" > o."at" THEN 'begins after' WHEN NOT w.madeByThen THEN 'made after' ELSE 'not accepted by the policy' END END AS lack
  FROM open o JOIN accessWarrant w ON w.access = o.access AND NOT w.disputed
  UNION
  SELECT o.session, 'handled-contact', 'contact', h.handledId, CASE WHEN h.since > o."at" THEN 'began after' ELSE 'too long ago, or not accepted by the policy' END
  FROM open o JOIN contactHandler h ON h.contactId = o.contactId AND h.staff = o.staff
)
SELECT session, list({template: template, id: id, lack: lack} ORDER BY template, id) AS support,
  list_sort(list(DISTINCT {kind: kind, id: id})) AS records
FROM support GROUP BY session ORDER BY session
