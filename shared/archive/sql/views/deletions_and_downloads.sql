-- What was deleted, and what was taken out
-- EMM types download_resource and delete_*: files and records, users, groups, roles, integrations, configurations.
--
-- columns: id, time, event_date, tenant, connection, source, product, type, action, outcome, reason
-- columns: actor_id, actor_name, actor_email, actor_type, actor_role
-- columns: targets, entities, ip, user_agent, session, location_country, device_id, device_name
SELECT
  id, "time", event_date, tenant, connection, source, product, "type", action, outcome, reason,
  actor_id, actor_name, actor_email, actor_type, actor_role,
  targets, entities, ip, user_agent, session, location_country, device_id, device_name
FROM events
WHERE "type" IN (
  'download_resource', 'delete_resource', 'delete_user', 'delete_group', 'delete_role', 'delete_integration',
  'delete_security_configuration'
)
