-- Who was given rights, or lost them
-- Permissions, group memberships and roles: EMM types add_permission, remove_permission, add_to_group, remove_from_group,
-- create_role, update_role and delete_role.
--
-- columns: id, time, event_date, tenant, connection, source, product, type, action, outcome, reason
-- columns: actor_id, actor_name, actor_email, actor_type, actor_role
-- columns: targets, changes, entities, ip, session
SELECT
  id, "time", event_date, tenant, connection, source, product, "type", action, outcome, reason,
  actor_id, actor_name, actor_email, actor_type, actor_role,
  targets, changes, entities, ip, session
FROM events
WHERE "type" IN (
  'add_permission', 'remove_permission', 'add_to_group', 'remove_from_group', 'create_role', 'update_role', 'delete_role'
)
