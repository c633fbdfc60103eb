-- When each actor was first seen at each IP address
-- An address that is new for someone is where a taken-over account shows. What is first seen depends on what is looked at, so
-- this reads all time; since only leaves out what was known before. An actor is an e-mail, else an id, else a name.
--
-- :actor   text = ''             an id, name or e-mail; '' is everyone
-- :tenant  text = %              one tenant; % is all
-- :since   time = 1970-01-01     only addresses first seen from then on
SELECT
  min("time") AS first_seen, max("time") AS last_seen, tenant, actor, max(actor_name) AS actor_name, ip,
  max(location_country) AS country, count(*) AS events, array_sort(array_agg(DISTINCT source)) AS sources
FROM (
  SELECT
    "time", tenant, source, ip, location_country, actor_name,
    lower(coalesce(actor_email, actor_id, actor_name)) AS actor
  FROM events
  WHERE tenant LIKE :tenant
    AND ip IS NOT NULL
    AND lower(:actor) IN ('', lower(actor_id), lower(actor_name), lower(actor_email))
) AS e
WHERE actor IS NOT NULL
GROUP BY tenant, actor, ip
HAVING min("time") >= :since
ORDER BY first_seen, tenant, actor, ip
