-- A view: each session of access (not list) with what the numbered controls of the access family say of it (sessionFault).
SELECT u.*, w.fires, w.doubt, w.doubtFrom FROM accessUnit u LEFT JOIN sessionFault w ON w.session = u.session WHERE u.action <> 'list'
