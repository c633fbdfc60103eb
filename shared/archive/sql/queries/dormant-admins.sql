-- Administrators who have done nothing for a long time
-- Everyone who acted with a role that looks like an administrator's, did what only one can, or was given a permission, and of whom
-- nothing has been seen since; one who never did anything has no last_seen. Who lost a permission or was deleted after that is left
-- out. It knows what the sources log, not who is in a role today. A person is an e-mail, else an id, else a name.
--
-- :days    integer = 90          nothing for so many days
-- :at      time = now            seen from then
-- :tenant  text = %              one tenant; % is all
-- :roles   text = admin|owner|superuser|root   regular expression for roles, lower case
WITH seen AS (
  SELECT
    tenant, source, "time", actor_name AS name, 'act' AS kind,
    lower(coalesce(actor_email, actor_id, actor_name)) AS person,
    regexp_like(lower(coalesce(actor_role, '')), :roles) OR "type" IN (
      'create_user', 'delete_user', 'add_permission', 'remove_permission', 'create_role', 'update_role', 'delete_role',
      'create_security_configuration', 'update_security_configuration', 'delete_security_configuration'
    ) AS as_admin
  FROM events
  WHERE tenant LIKE :tenant
    AND event_date <= greatest(substr(cast(:at AS varchar), 1, 10), '2015-01-01') AND "time" < :at
    AND actor_type = 'user'
    AND outcome <> 'failure'
  UNION ALL
  SELECT
    tenant, source, "time", (subject)."name" AS name, kind,
    lower(coalesce((subject).email, (subject).id, (subject)."name")) AS person,
    kind = 'given' AS as_admin
  FROM (
    SELECT
      tenant, source, "time",
      element_at(filter(targets, t -> t."type" = 'user'), 1) AS subject,
      CASE "type" WHEN 'add_permission' THEN 'given' ELSE 'taken' END AS kind
    FROM events
    WHERE tenant LIKE :tenant
      AND event_date <= greatest(substr(cast(:at AS varchar), 1, 10), '2015-01-01') AND "time" < :at
      AND "type" IN ('add_permission', 'remove_permission', 'delete_user')
      AND outcome <> 'failure'
  ) AS rights
)
SELECT
  tenant, person, max(name) AS name,
  max(CASE WHEN kind = 'act' THEN "time" END) AS last_seen,
  date_diff('day', cast(max(CASE WHEN kind = 'act' THEN "time" END) AS date), cast(:at AS date)) AS days_idle,
  max(CASE WHEN as_admin AND kind = 'act' THEN "time" END) AS last_acted_as_admin,
  max(CASE WHEN kind = 'given' THEN "time" END) AS last_given_permission,
  array_sort(array_agg(DISTINCT source)) AS sources
FROM seen
WHERE person IS NOT NULL
GROUP BY tenant, person
HAVING max(CASE WHEN as_admin THEN "time" END) IS NOT NULL
  AND max("time") < :at - interval '1' day * :days
  AND coalesce(max(CASE WHEN kind = 'taken' THEN "time" END), timestamp '1970-01-01 00:00:00')
    < max(CASE WHEN as_admin THEN "time" END)
ORDER BY last_seen, tenant, person
