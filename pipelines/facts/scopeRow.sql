-- The rows of the law that a scope considers, in the version of its epoch; the unknown place is a row like the others.
-- Every row of the highest rank governs: all-party, then lawful-basis, then one-party.
-- What each accepts follows the table of forms in policy.md; forms that speak of one-party rules satisfy nothing here.
WITH scopes AS (
  SELECT lawScope AS scope, any_value(packKey) AS packKey, any_value(epoch) AS epoch, any_value(jurisdictions) AS jurisdictions FROM recordingScope WHERE lawScope IS NOT NULL GROUP BY lawScope
),
considered AS (
  SELECT s.scope, s.packKey, e."from" AS "at", j.jurisdiction
  FROM scopes s JOIN lawEpoch e ON e.packKey = s.packKey AND e.epoch = s.epoch, unnest(s.jurisdictions) AS j(jurisdiction)
),
versioned AS (
  SELECT c.scope, c.packKey, l.jurisdiction, l.version, l.mode, l.forms, coalesce(l.noticeInRecording, false) AS wantsInside,
    l.citation, coalesce(l.dataProtection, false) AS dataProtection, coalesce(l.assumed, false) AS assumed
  FROM considered c JOIN law l ON l.packKey = c.packKey AND l.jurisdiction = c.jurisdiction
    AND (l."from" IS NULL OR l."from" <= c."at") AND (l.until IS NULL OR c."at" IS NULL OR c."at" < l.until)
  UNION ALL
  SELECT c.scope, c.packKey, 'unknown', k.version, coalesce(k.unknownJurisdiction, 'all-party'), ['announcement_then_continue'], false,
    'policy ' || k.policy || ', consent.unknownJurisdiction', coalesce(k.unknownJurisdiction = 'lawful-basis', false), false
  FROM considered c JOIN pack k ON k.packKey = c.packKey
  WHERE c.jurisdiction = 'unknown'
),
ranked AS (
  SELECT *, CASE mode WHEN 'all-party' THEN 3 WHEN 'lawful-basis' THEN 2 ELSE 1 END AS rank,
    mode = 'lawful-basis' AS basis, list_contains(forms, 'announcement_then_continue') AS continuing
  FROM versioned
)
SELECT scope, packKey, jurisdiction, version, mode, forms, citation, dataProtection, assumed, wantsInside,
  rank = max(rank) OVER (PARTITION BY scope) AS governs,
  basis OR list_has_any(forms, ['announcement_then_continue', 'notice_all', 'actual_knowledge_all', 'all_reasonable_efforts_notice',
    'deemed_consent_by_continuing', 'lawful_basis_plus_notice', 'privacy_notice']) AS notice,
  basis OR list_has_any(forms, ['announcement_then_continue', 'notice_all', 'actual_knowledge_all', 'all_reasonable_efforts_notice',
    'deemed_consent_by_continuing', 'lawful_basis_plus_notice', 'privacy_notice', 'recorded_notification']) AS noticeInside,
  NOT basis AND list_contains(forms, 'periodic_tone_15s') AS tone,
  basis OR continuing OR list_has_any(forms, ['prior_express_all', 'explicit_opt_in']) AS verbal,
  basis OR continuing OR list_has_any(forms, ['prior_express_all', 'explicit_opt_in', 'recorded_verbal_yes']) AS verbalInside,
  basis OR continuing OR list_has_any(forms, ['keypad_yes', 'explicit_opt_in', 'prior_express_all']) AS keypad,
  basis OR continuing OR list_has_any(forms, ['explicit_opt_in', 'prior_express_all', 'prior_written_all']) AS electronic,
  basis OR continuing OR list_has_any(forms, ['prior_written_all', 'prior_express_all', 'explicit_opt_in']) AS written,
  basis OR list_has_any(forms, ['statement_notice', 'lawful_basis_plus_notice', 'privacy_notice']) AS contract,
  basis OR list_has_any(forms, ['announcement_then_continue', 'notice_all', 'actual_knowledge_all', 'all_reasonable_efforts_notice',
    'deemed_consent_by_continuing', 'lawful_basis_plus_notice', 'privacy_notice', 'recorded_notification', 'recorded_verbal_yes']) AS opening
FROM ranked
