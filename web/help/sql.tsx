const QUERY = `select time, actor_email, action, outcome
from events
where month >= '2026-10' and tenant = 'main' and source = 'github.audit'
order by time desc limit 100`;

/** Where the archive is asked, and by whom. */
export function Sql() {
  return (
    <>
      <p>
        For what is no longer hot, for joins and for counting over years. In AWS it is asked in <strong>Athena</strong>:
        choose the workgroup and the database that the deployment printed. On one machine{' '}
        <code>npm run --silent sql</code> asks the same tables.
      </p>
      <pre class="code">{QUERY}</pre>
      <ul class="help-list">
        <li>
          Ask <code>events</code>: it has every event once. <code>logins</code>, <code>privilege_changes</code>,{' '}
          <code>mfa_changes</code>, <code>deletions_and_downloads</code> and <code>configuration_changes</code> are
          views of it.
        </li>
        <li>
          Give <code>month</code> along with <code>time</code>, and name the columns: what is read costs.
        </li>
        <li>SQL sees all tenants. Who may run it is a matter of AWS permissions, not of keys.</li>
      </ul>
    </>
  );
}
