-- Escalations asked for and follow-ups promised, with the pack in force then, and the time given for each:
-- due by the clock = base + term (NULL = no time was set).
WITH promise AS (
  SELECT DISTINCT s.eventId, s.type, s."at", s.contactId, s.chain, s.name,
    CASE s.type WHEN 'escalation-requested' THEN 'escalated' ELSE 'follow-up-done' END AS wanted
  FROM chainStep s WHERE s.type IN ('escalation-requested', 'follow-up-promised')
),
inForce AS (
  SELECT p.*, CASE WHEN k.until IS NULL OR p."at" < k.until THEN k.packKey END AS packKey
  FROM promise p ASOF LEFT JOIN packPeriod k ON p."at" >= k."from"
)
SELECT f.*, e.partyId, k.channel, k.queue, k.site,
  CASE WHEN f.type = 'escalation-requested' THEN CASE WHEN g.escalation IS NULL THEN e.dueAt ELSE f."at" END
       WHEN e.dueAt IS NOT NULL THEN e.dueAt
       WHEN g.followUp > INTERVAL 0 SECOND THEN f."at" END AS base,
  coalesce(CASE f.type WHEN 'escalation-requested' THEN g.escalation ELSE g.followUp END, INTERVAL 0 SECOND) AS term
FROM inForce f JOIN event e ON e.id = f.eventId
LEFT JOIN pack g ON g.packKey = f.packKey
LEFT JOIN contact k ON k.id = f.contactId
