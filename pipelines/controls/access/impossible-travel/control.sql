WITH placed AS (
  SELECT a.person, a.staff, a."at", a.accessId, a.country, p.latitude, p.longitude, p.radius FROM accessAct a JOIN countryPlace p ON p.country = a.country
  WHERE a.actorKind = 'staff' AND a.outcome = 'success' AND a.onBehalfOf IS NULL
),
hop AS (
  SELECT *, lag(country) OVER w AS country1, lag(latitude) OVER w AS latitude1, lag(longitude) OVER w AS longitude1, lag(radius) OVER w AS radius1, lag("at") OVER w AS at1, lag(accessId) OVER w AS access1
  FROM placed WINDOW w AS (PARTITION BY person ORDER BY "at", accessId)
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
FROM placed p LEFT JOIN fast f ON f.person = p.person
GROUP BY p.person, p.staff, f.person, f.hop, f.hops
ORDER BY unit
