-- Everything that was done to one target
-- A person, file, group, repository or anything else, over all sources, oldest first. Id, name and e-mail are compared in any case of
-- letters.
--
-- :target  text                  an id, name or e-mail
-- :tenant  text = %              one tenant; % is all
-- :from    time = 1970-01-01     from then on
-- :to      time = 9999-12-31     until before then
SELECT
  "time", tenant, source, action, "type", outcome, actor_id, actor_name, actor_email, actor_role, targets, changes, ip,
  "session", reason, id
FROM events
WHERE tenant LIKE :tenant
  AND event_date >= substr(cast(:from AS varchar), 1, 10) AND "time" >= :from
  AND event_date <= greatest(substr(cast(:to AS varchar), 1, 10), '2015-01-01') AND "time" < :to
  AND element_at(filter(targets, t -> lower(:target) IN (lower(t.id), lower(t."name"), lower(t.email))), 1) IS NOT NULL
ORDER BY "time", id
