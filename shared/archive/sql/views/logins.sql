-- Attempts to log in, with how the login was verified
-- EMM types account_login and mfa_verification; the column type tells them apart.
--
-- columns: id, time, event_date, tenant, connection, source, product, type, action, outcome, reason
-- columns: actor_id, actor_name, actor_email, actor_type, actor_role, entities
-- columns: ip, user_agent, session, location_country, location_region, location_city, location_asn
-- columns: device_id, device_name, device_type, device_os
-- columns: credential_type, identity_provider, mfa_method, mfa_flagged
SELECT
  id, "time", event_date, tenant, connection, source, product, "type", action, outcome, reason,
  actor_id, actor_name, actor_email, actor_type, actor_role, entities,
  ip, user_agent, session, location_country, location_region, location_city, location_asn,
  device_id, device_name, device_type, device_os,
  credential_type, identity_provider, mfa_method, mfa_flagged
FROM events
WHERE "type" IN ('account_login', 'mfa_verification')
