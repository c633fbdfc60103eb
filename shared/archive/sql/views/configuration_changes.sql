-- Changes of security settings and integrations
-- EMM types create, update and delete of security_configuration and integration.
--
-- columns: id, time, event_date, tenant, connection, source, product, type, action, outcome, reason
-- columns: actor_id, actor_name, actor_email, actor_type, actor_role
-- columns: targets, changes, attributes, entities, ip, session
SELECT
  id, "time", event_date, tenant, connection, source, product, "type", action, outcome, reason,
  actor_id, actor_name, actor_email, actor_type, actor_role,
  targets, changes, attributes, entities, ip, session
FROM events
WHERE "type" IN (
  'create_security_configuration', 'update_security_configuration', 'delete_security_configuration',
  'create_integration', 'update_integration', 'delete_integration'
)
