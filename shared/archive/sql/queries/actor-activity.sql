-- Everything one actor did
-- Over all sources, oldest first. Id, name and e-mail are compared in any case of letters.
--
-- :actor   text                  an id, name or e-mail
-- :tenant  text = %              one tenant; % is all
-- :from    time = 1970-01-01     from then on
-- :to      time = 9999-12-31     until before then
SELECT
  "time", tenant, source, action, "type", outcome, targets, changes, ip, location_country, device_name, user_agent,
  "session", reason, id
FROM events
WHERE tenant LIKE :tenant
  AND event_date >= substr(cast(:from AS varchar), 1, 10) AND "time" >= :from
  AND event_date <= greatest(substr(cast(:to AS varchar), 1, 10), '2015-01-01') AND "time" < :to
  AND lower(:actor) IN (lower(actor_id), lower(actor_name), lower(actor_email))
ORDER BY "time", id
