-- Failed, then successful logins
-- Who got in after failing several times in a row: a guessed password, or a verification that was granted in the end. One row a
-- success, with the failures before it; those before an earlier success do not count. An actor is an e-mail, else an id, else a name.
--
-- :actor     text = ''           an id, name or e-mail; '' is everyone
-- :tenant    text = %            one tenant; % is all
-- :failures  integer = 3         at least so many failures
-- :minutes   integer = 60        within so many minutes before the success
-- :from      time = 1970-01-01   from then on
-- :to        time = 9999-12-31   until before then
WITH attempts AS (
  SELECT
    id, "time", tenant, source, outcome, ip, location_country,
    lower(coalesce(actor_email, actor_id, actor_name)) AS actor
  FROM events
  WHERE tenant LIKE :tenant
    AND event_date >= substr(cast(:from AS varchar), 1, 10) AND "time" >= :from
    AND event_date <= greatest(substr(cast(:to AS varchar), 1, 10), '2015-01-01') AND "time" < :to
    AND "type" IN ('account_login', 'mfa_verification')
    AND outcome IN ('success', 'failure')
    AND lower(:actor) IN ('', lower(actor_id), lower(actor_name), lower(actor_email))
),
runs AS (
  SELECT
    *,
    count(CASE WHEN outcome = 'success' THEN 1 END) OVER (
      PARTITION BY tenant, actor ORDER BY "time", id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS run
  FROM attempts
  WHERE actor IS NOT NULL
),
ended AS (
  SELECT
    *,
    max(CASE WHEN outcome = 'success' THEN "time" END) OVER (PARTITION BY tenant, actor, run) AS succeeded_at
  FROM runs
)
SELECT
  succeeded_at, tenant, actor,
  max(CASE WHEN outcome = 'success' THEN source END) AS source,
  max(CASE WHEN outcome = 'success' THEN ip END) AS ip,
  max(CASE WHEN outcome = 'success' THEN location_country END) AS country,
  count(CASE WHEN outcome = 'failure' THEN 1 END) AS failures,
  min(CASE WHEN outcome = 'failure' THEN "time" END) AS first_failure,
  array_sort(array_agg(DISTINCT ip) FILTER (WHERE outcome = 'failure' AND ip IS NOT NULL)) AS failure_ips,
  max(CASE WHEN outcome = 'success' THEN id END) AS id
FROM ended
WHERE "time" >= succeeded_at - interval '1' minute * :minutes
GROUP BY tenant, actor, run, succeeded_at
HAVING count(CASE WHEN outcome = 'failure' THEN 1 END) >= :failures
ORDER BY succeeded_at, tenant, actor
