-- Factors enrolled and removed, and changes of the rules about them
-- EMM types add_enrollment and remove_enrollment, and configuration changes whose action or attributes speak of a second
-- factor, such as an organization's ceasing to require one. How logins were verified is in the view logins.
--
-- columns: id, time, event_date, tenant, connection, source, product, type, action, outcome, reason
-- columns: actor_id, actor_name, actor_email, actor_type, actor_role
-- columns: targets, changes, attributes, entities, ip, session, mfa_method, mfa_enrollment
SELECT
  id, "time", event_date, tenant, connection, source, product, "type", action, outcome, reason,
  actor_id, actor_name, actor_email, actor_type, actor_role,
  targets, changes, attributes, entities, ip, session, mfa_method, mfa_enrollment
FROM events
WHERE "type" IN ('add_enrollment', 'remove_enrollment')
  OR (
    "type" IN ('create_security_configuration', 'update_security_configuration', 'delete_security_configuration')
    AND regexp_like(
      lower(action || ' ' || coalesce(json_format(cast(attributes AS json)), '')),
      'mfa|2fa|(two|multi|second)[ ._-]?factor|passkey|webauthn'
    )
  )
