-- OCSF Authentication (3002): logins, logouts and verifications
-- Columns and numbers are those of https://schema.ocsf.io/1.8.0; id, event_date, tenant and source are Annals' own. Filters on these
-- and on time_dt reach the scan; time is the same instant in milliseconds.
-- A verification of a second factor has the activity 99, Other, as OCSF has none of its own for it.
--
-- columns: id, event_date, tenant, source, time_dt timestamp, time bigint
-- columns: category_uid int, category_name string, class_uid int, class_name string
-- columns: activity_id int, activity_name string, type_uid bigint, type_name string
-- columns: severity_id int, severity string, status_id int, status string, status_detail string, message string
-- columns: is_mfa boolean, user struct<name:string,uid:string,email_addr:string,type_id:int>
-- columns: service struct<name:string>
-- columns: src_endpoint struct<ip:string,location:struct<city:string,region:string,country:string>>
-- columns: http_request struct<user_agent:string>, session struct<uid:string>
-- columns: metadata struct<version:string,uid:string,log_name:string,tenant_uid:string,logged_time:bigint,product:struct<name:string>>
-- columns: raw_data string
SELECT
  id, event_date, tenant, source, "time" AS time_dt,
  date_diff('millisecond', timestamp '1970-01-01 00:00:00', "time") AS "time",
  3 AS category_uid, cast('Identity & Access Management' AS varchar) AS category_name,
  3002 AS class_uid, cast('Authentication' AS varchar) AS class_name,
  activity_id,
  CASE WHEN activity_id = 99 THEN action ELSE activity END AS activity_name,
  cast(300200 + activity_id AS bigint) AS type_uid,
  'Authentication: ' || activity AS type_name,
  1 AS severity_id, cast('Informational' AS varchar) AS severity,
  CASE outcome WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE 0 END AS status_id,
  cast(CASE outcome WHEN 'success' THEN 'Success' WHEN 'failure' THEN 'Failure' ELSE 'Unknown' END AS varchar) AS status,
  reason AS status_detail, action AS message,
  CASE WHEN mfa_method IS NOT NULL OR "type" = 'mfa_verification' THEN true END AS is_mfa,
  cast(
    row(
      actor_name, actor_id, actor_email,
      CASE actor_type WHEN 'user' THEN 1 WHEN 'system' THEN 3 WHEN 'service' THEN 4 ELSE 0 END
    )
    AS row("name" varchar, "uid" varchar, "email_addr" varchar, "type_id" integer)
  ) AS "user",
  cast(row(product) AS row("name" varchar)) AS service,
  cast(
    row(ip, row(location_city, location_region, location_country))
    AS row("ip" varchar, "location" row("city" varchar, "region" varchar, "country" varchar))
  ) AS src_endpoint,
  cast(row(user_agent) AS row("user_agent" varchar)) AS http_request,
  cast(row("session") AS row("uid" varchar)) AS "session",
  cast(
    row(
      '1.8.0', id, source, tenant,
      date_diff('millisecond', timestamp '1970-01-01 00:00:00', received_at), row(product)
    )
    AS row(
      "version" varchar, "uid" varchar, "log_name" varchar, "tenant_uid" varchar, "logged_time" bigint,
      "product" row("name" varchar)
    )
  ) AS metadata,
  raw AS raw_data
FROM (
  SELECT *,
    CASE "type"
      WHEN 'account_login' THEN 1
      WHEN 'account_logout' THEN 2
      ELSE 99
    END AS activity_id,
    cast(CASE "type"
      WHEN 'account_login' THEN 'Logon'
      WHEN 'account_logout' THEN 'Logoff'
      ELSE 'Other'
    END AS varchar) AS activity
  FROM events
  WHERE "type" IN ('account_login', 'account_logout', 'mfa_verification')
) AS e
