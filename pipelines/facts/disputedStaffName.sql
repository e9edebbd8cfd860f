-- Names in staff records of which no version can be used: ids and aliases. Whoever else has such a name, it may be theirs too.
SELECT id AS name FROM conflict WHERE kind = 'staff'
UNION
SELECT a.alias.alias FROM stored_staff s JOIN conflict x ON x.kind = 'staff' AND x.id = s.id, unnest(s.aliases) AS a(alias)
ORDER BY name
