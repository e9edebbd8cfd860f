WITH own AS (
  SELECT rowid::INTEGER AS deed, who, person, staff FROM accessDeed WHERE actorKind = 'staff' AND outcome = 'success' AND onBehalfOf IS NULL
),
client AS (
  SELECT c.rowid::INTEGER AS client, p.country, p.latitude, p.longitude, p.radius FROM accessClient c JOIN countryPlace p ON p.country = c.country
),
stay AS MATERIALIZED (
  SELECT o.who, o.person, o.staff, c.country, min(r."at") AS "at"
  FROM accessRow r JOIN own o ON o.deed = r.deed JOIN client c ON c.client = r.client GROUP BY ALL
),
traveller AS (
  SELECT who FROM stay GROUP BY who HAVING count(*) > 1
),
hop AS (
  SELECT o.who, o.person, r."at", r.accessId, c.*, lag(c.country) OVER w AS country1, lag(c.latitude) OVER w AS latitude1, lag(c.longitude) OVER w AS longitude1, lag(c.radius) OVER w AS radius1,
    lag(r."at") OVER w AS at1, lag(r.accessId) OVER w AS access1
  FROM accessRow r JOIN (FROM own SEMI JOIN traveller USING (who)) o ON o.deed = r.deed JOIN client c ON c.client = r.client
  WINDOW w AS (PARTITION BY o.who ORDER BY r."at", r.accessId)
),
-- Great-circle distance (haversine, radius 6371 km) between the middles, less how far each country reaches from its middle.
far AS (
  SELECT *, 2 * 6371 * asin(sqrt(sin(radians(latitude - latitude1) / 2) ** 2 + cos(radians(latitude1)) * cos(radians(latitude)) * sin(radians(longitude - longitude1) / 2) ** 2))
    - radius - radius1 AS kilometres, epoch("at" - at1) / 3600 AS hours
  FROM hop WHERE country <> country1
),
fast AS (
  SELECT person, arg_min({a: "at", f: country1, t: country, k: round(kilometres), m: round(hours * 60), x: access1, y: accessId}, ("at", accessId)) AS hop, count(*) AS hops
  FROM far WHERE kilometres > 500 AND kilometres > 900 * hours GROUP BY person
)
SELECT p.person AS unit, coalesce(f.hop.a, min(p."at")) AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, p.staff,
  CASE WHEN f.person IS NOT NULL THEN 'fail' WHEN count(DISTINCT p.country) < 2 THEN 'notApplicable' ELSE 'pass' END AS outcome,
  CASE WHEN f.person IS NOT NULL THEN 'too-fast' WHEN count(DISTINCT p.country) < 2 THEN 'one-place' END AS reason,
  NULL AS severity, p.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN f.person IS NOT NULL THEN [{kind: 'access', id: f.hop.x}, {kind: 'access', id: f.hop.y}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN f.person IS NOT NULL THEN to_json({person: p.person, fromCountry: f.hop.f, toCountry: f.hop.t, minutes: f.hop.m, kilometres: f.hop.k, hops: f.hops}) END AS details
FROM stay p LEFT JOIN fast f ON f.person = p.person
GROUP BY p.person, p.staff, f.person, f.hop, f.hops
ORDER BY unit
