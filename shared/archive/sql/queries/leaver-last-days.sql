-- What a leaver did in the last days, and after
-- Everything from some days before the last one on, oldest first, with what deserves a look named in the column concern. Access after
-- leaving comes before all else. Give left_at as an instant when access should have ended.
--
-- :actor    text                 an id, name or e-mail
-- :left_at  time = now           when the person left
-- :days     integer = 30         so many days before that
-- :tenant   text = %             one tenant; % is all
SELECT
  "time",
  CASE
    WHEN "time" >= :left_at THEN 'after leaving'
    WHEN "type" = 'download_resource' THEN 'download'
    WHEN "type" LIKE 'delete_%' THEN 'deletion'
    WHEN "type" IN ('add_permission', 'add_to_group', 'create_user', 'create_role', 'update_role') THEN 'access given'
    WHEN "type" IN ('add_enrollment', 'remove_enrollment') THEN 'factor'
    WHEN "type" IN ('create_integration', 'update_integration') THEN 'integration'
    WHEN "type" IN ('create_security_configuration', 'update_security_configuration') THEN 'configuration'
  END AS concern,
  tenant, source, action, "type", outcome, targets, ip, location_country, device_name, user_agent, id
FROM events
WHERE tenant LIKE :tenant
  AND event_date >= substr(cast(:left_at - interval '1' day * :days AS varchar), 1, 10)
  AND "time" >= :left_at - interval '1' day * :days
  AND lower(:actor) IN (lower(actor_id), lower(actor_name), lower(actor_email))
ORDER BY "time", id
