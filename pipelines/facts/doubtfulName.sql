-- Names that versions of an identity which contradict one another give its subject: whom they mean cannot be told.
WITH contested AS (
  SELECT s.subject, s.aliases FROM stored_identity s SEMI JOIN (SELECT id FROM conflict WHERE kind = 'identity') x ON x.id = s.subject
)
SELECT subject, subject AS name FROM contested
UNION
SELECT subject, a.alias FROM (SELECT subject, unnest(aliases) AS a FROM contested)
ORDER BY subject, name
