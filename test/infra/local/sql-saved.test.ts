import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../../../infra/local/sql.ts';
import { duckDbType } from '../../../shared/archive/duckdb.ts';
import { parseHiveType } from '../../../shared/archive/hive-type.ts';
import { namedQueryText, savedQueries, savedViews } from '../../../shared/archive/saved-sql.ts';
import { withValues } from '../../../shared/archive/sql-parameters.ts';
import { PLACEMENT_NAMES, type Placement, place } from './sql-placements.ts';

const NOW = '2026-11-22T00:00:00.000Z';
const placements = new Map<string, Placement>();
beforeAll(async () => {
  for (const name of PLACEMENT_NAMES) placements.set(name, await place(name));
});
afterAll(async () => {
  for (const placement of placements.values()) await placement.close();
});

const saved = (name: string) => savedQueries().find((query) => query.name === name)!;
const statement = (name: string, given: Record<string, string> = {}) => withValues(saved(name), given, NOW);

/** What all the placements say, which must be one. */
async function everywhere(sql: string): Promise<Record<string, unknown>[]> {
  const [first, ...others] = await Promise.all([...placements.values()].map((one) => one.rows(sql)));
  for (const other of others) expect(other).toEqual(first);
  return first!;
}
const ids = (rows: Record<string, unknown>[]) => rows.map(({ id }) => id).join(' ');

describe('the views', () => {
  it.each([
    ['events', '01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32'],
    ['logins', '11 12 13 14 15 16 17 19 20 21 22 32'],
    ['privilege_changes', '01 02 05 09 25'],
    ['mfa_changes', '26 27'],
    ['deletions_and_downloads', '06 23 24'],
    ['configuration_changes', '27 28 29'],
    ['ocsf_authentication', '11 12 13 14 15 16 17 18 19 20 21 22 32'],
    ['ocsf_account_change', '06 07 08 26'],
    ['ocsf_group_management', '03 04 05 25'],
  ])('%s has its events once, wherever they lie', async (view, expected) => {
    const ingest = view === 'events' ? 'EXCLUDE (ingest_date)' : '';
    expect(ids(await everywhere(`SELECT * ${ingest} FROM ${view} ORDER BY id`))).toBe(expected);
  });

  it.each(savedViews().map((view) => [view.name, view] as const))(
    '%s has the columns that Glue is told',
    async (name, view) => {
      const described = await placements.get('landing only')!.rows(`DESCRIBE ${name}`);
      expect(
        described.map((column) => [column['column_name'], String(column['column_type']).replaceAll('"', '')]),
      ).toEqual(
        view.columns.map((column) => [column.name, duckDbType(parseHiveType(column.type)).replaceAll('"', '')]),
      );
    },
  );

  it('events shows the sealed copy of an event that lies in both', async () => {
    const half = placements.get('half and half, with repeats and an overlap')!;
    const rows = await half.rows("SELECT id, ingest_date FROM events WHERE id IN ('03', '06', '07') ORDER BY id");
    // 03 in landing twice, 06 in both, 07 in landing.
    expect(rows.map(({ ingest_date }) => ingest_date)).toEqual(['2026-11-22', null, '2026-11-22']);
    expect(await half.rows('SELECT count(*) AS n FROM landing')).toEqual([{ n: 26 }]);
    expect(await half.rows('SELECT count(*) AS n FROM archive')).toEqual([{ n: 16 }]);
  });

  it('mfa_changes and configuration_changes keep what changed', async () => {
    const [row] = await everywhere("SELECT action, changes, attributes FROM mfa_changes WHERE id = '27'");
    expect(row).toEqual({
      action: 'org.disable_two_factor_requirement',
      changes: [{ attribute: 'required', old: 'true', new: 'false' }],
      attributes: ['required'],
    });
  });
});

describe('the OCSF views', () => {
  it('Authentication has OCSF’s numbers and objects', async () => {
    const [row] = await everywhere("SELECT * FROM ocsf_authentication WHERE id = '12'");
    expect(row).toEqual({
      id: '12',
      event_date: '2026-11-01',
      tenant: 'acme',
      source: 'google_workspace.activity',
      time_dt: '2026-11-01T09:00:00.000Z',
      time: Date.parse('2026-11-01T09:00:00Z'),
      category_uid: 3,
      category_name: 'Identity & Access Management',
      class_uid: 3002,
      class_name: 'Authentication',
      activity_id: 1,
      activity_name: 'Logon',
      type_uid: 300201,
      type_name: 'Authentication: Logon',
      severity_id: 1,
      severity: 'Informational',
      status_id: 2,
      status: 'Failure',
      status_detail: 'bad password',
      message: 'login',
      is_mfa: null,
      user: { name: 'Jane', uid: 'u1', email_addr: 'jane@example.com', type_id: 1 },
      service: { name: 'google_workspace' },
      src_endpoint: { ip: '203.0.113.9', location: { city: null, region: null, country: 'FR' } },
      http_request: { user_agent: null },
      session: { uid: null },
      metadata: {
        version: '1.8.0',
        uid: '12',
        log_name: 'google_workspace.activity',
        tenant_uid: 'acme',
        logged_time: Date.parse('2026-11-01T09:00:00Z'),
        product: { name: 'google_workspace' },
      },
      raw_data: '{"n":"12"}',
    });
    const sql = 'SELECT activity_id, activity_name, type_uid, status_id, is_mfa FROM ocsf_authentication WHERE id =';
    expect(await everywhere(`${sql} '14'`)).toEqual([
      { activity_id: 99, activity_name: 'mfa', type_uid: 300299, status_id: 2, is_mfa: true },
    ]);
    expect(await everywhere(`${sql} '18'`)).toMatchObject([{ activity_id: 2, activity_name: 'Logoff', status_id: 1 }]);
    expect(await everywhere(`${sql} '11'`)).toMatchObject([{ activity_id: 1, is_mfa: true }]);
  });

  it('Account Change tells the user from who changed it', async () => {
    const rows = await everywhere(
      'SELECT id, activity_id, type_name, status_id, "user", actor FROM ocsf_account_change ORDER BY id',
    );
    const hr = { user: { name: 'HR sync', uid: 'hr-sync', email_addr: null, type_id: 4 } };
    const jane = { name: 'Jane', uid: 'u1', email_addr: 'jane@example.com' };
    expect(rows).toEqual([
      {
        id: '06',
        activity_id: 6,
        type_name: 'Account Change: Delete',
        status_id: 1,
        user: { name: 'carl', uid: 'u4', email_addr: null },
        actor: hr,
      },
      {
        id: '07',
        activity_id: 1,
        type_name: 'Account Change: Create',
        status_id: 1,
        user: { name: 'Eve', uid: 'u6', email_addr: 'eve@example.com' },
        actor: hr,
      },
      {
        id: '08',
        activity_id: 99,
        type_name: 'Account Change: Other',
        status_id: 0,
        user: { name: 'Eve', uid: 'u6', email_addr: null },
        actor: hr,
      },
      {
        id: '26',
        activity_id: 11,
        type_name: 'Account Change: MFA Factor Disable',
        status_id: 1,
        user: jane,
        actor: { user: { ...jane, type_id: 1 } },
      },
    ]);
  });

  it('Group Management has the group and its member', async () => {
    const rows = await everywhere(
      'SELECT id, activity_id, activity_name, "group", "user" FROM ocsf_group_management ORDER BY id',
    );
    const nobody = { name: null, uid: null, email_addr: null };
    expect(rows).toEqual([
      { id: '03', activity_id: 6, activity_name: 'Create', group: { name: 'admins', uid: 'g1' }, user: nobody },
      { id: '04', activity_id: 99, activity_name: 'group.rename', group: { name: 'Admins', uid: 'g1' }, user: nobody },
      {
        id: '05',
        activity_id: 1,
        activity_name: 'Assign Privileges',
        group: { name: 'Admins', uid: 'g1' },
        user: nobody,
      },
      {
        id: '25',
        activity_id: 3,
        activity_name: 'Add User',
        group: { name: 'Admins', uid: 'g1' },
        user: { name: 'bob', uid: 'u2', email_addr: null },
      },
    ]);
  });
});

describe('the saved queries', () => {
  it.each([
    [{ actor: 'Jane@Example.com', tenant: 'acme' }, '11 12 13 14 15 16 17 18 23 24 25 26 29 30 31'],
    [{ actor: 'jane@example.com', from: '2026-11-01', to: '2026-11-01T09:02:00Z' }, '12 13 32'],
    [{ actor: 'u2', from: '2026-11-02T06:10:00Z' }, '20 21 22 27 28'],
    [{ actor: "o'neil" }, ''],
  ])('actor-activity of %j', async (given, expected) => {
    expect(ids(await everywhere(statement('actor-activity', given)))).toBe(expected);
  });

  it.each([
    [{ target: 'F1' }, '10 23 24 31'],
    [{ target: 'bob' }, '25'],
    [{ target: 'jane@example.com' }, '09'],
    [{ target: 'g1', from: '2026-03-01', to: '2026-11-12T10:00:00Z' }, ''],
    [{ target: 'plan.xlsx', tenant: 'other' }, ''],
  ])('target-activity of %j', async (given, expected) => {
    expect(ids(await everywhere(statement('target-activity', given)))).toBe(expected);
  });

  it('first-seen-ips', async () => {
    const rows = await everywhere(statement('first-seen-ips', { tenant: 'acme' }));
    const short = (row: Record<string, unknown>) =>
      [
        String(row['first_seen']).slice(0, 16),
        row['actor'],
        row['ip'],
        row['country'],
        row['events'],
        row['sources'],
      ].join(' ');
    expect(rows.map(short)).toEqual([
      '2026-07-01T10:00 ada@example.com 198.51.100.1 US 2 github.audit',
      '2026-08-01T08:00 jane@example.com 198.51.100.1 US 6 github.audit,google_workspace.activity',
      '2026-11-01T09:00 jane@example.com 203.0.113.9 FR 7 github.audit,google_workspace.activity',
      '2026-11-01T09:02 jane@example.com 203.0.113.8  1 duo.auth',
      '2026-11-02T06:00 u2 198.51.100.1 US 6 github.audit,google_workspace.activity',
    ]);
    const since = await everywhere(statement('first-seen-ips', { actor: 'u1', since: '2026-11-01', tenant: 'acme' }));
    expect(since.map(({ ip }) => ip)).toEqual(['203.0.113.9', '203.0.113.8']);
  });

  it('logins-failed-then-succeeded', async () => {
    const jane = {
      succeeded_at: '2026-11-01T09:05:00.000Z',
      tenant: 'acme',
      actor: 'jane@example.com',
      source: 'google_workspace.activity',
      ip: '203.0.113.9',
      country: 'FR',
      failures: 3,
      first_failure: '2026-11-01T09:00:00.000Z',
      failure_ips: ['203.0.113.8', '203.0.113.9'],
      id: '15',
    };
    const name = 'logins-failed-then-succeeded';
    expect(await everywhere(statement(name))).toEqual([jane]);
    expect(await everywhere(statement(name, { actor: 'JANE' }))).toEqual([jane]);
    expect(await everywhere(statement(name, { actor: 'bob' }))).toEqual([]);
    // Failures before a success do not count for the next one.
    expect(ids(await everywhere(statement(name, { failures: '1' })))).toBe('15 17 22');
    expect(await everywhere(statement(name, { actor: 'bob', minutes: '150' }))).toMatchObject([
      { id: '22', failures: 3 },
    ]);
    expect(await everywhere(statement(name, { actor: 'bob', minutes: '149' }))).toEqual([]);
    expect(await everywhere(statement(name, { from: '2026-11-01T09:00:30Z' }))).toEqual([]);
  });

  it('leaver-last-days', async () => {
    const given = { actor: 'jane@example.com', left_at: '2026-11-20T17:00:00Z', days: '10', tenant: 'acme' };
    const rows = await everywhere(statement('leaver-last-days', given));
    expect(rows.map(({ id, concern }) => `${id} ${concern}`)).toEqual([
      '24 deletion',
      '25 access given',
      '26 factor',
      '29 integration',
      '30 null',
      '31 after leaving',
    ]);
    // Thirty days before now, as nothing is said.
    expect(ids(await everywhere(statement('leaver-last-days', { actor: 'u1', tenant: 'other' })))).toBe('32');
    expect(ids(await everywhere(statement('leaver-last-days', { actor: 'u2' })))).toBe('19 20 21 22 27 28');
  });

  it('dormant-admins', async () => {
    const ada = {
      tenant: 'acme',
      person: 'ada@example.com',
      name: 'Ada',
      last_seen: '2026-07-05T10:00:00.250Z',
      days_idle: 140,
      last_acted_as_admin: '2026-07-05T10:00:00.250Z',
      last_given_permission: null,
      sources: ['github.audit'],
    };
    const dora = {
      tenant: 'acme',
      person: 'u5',
      name: 'dora',
      last_seen: null,
      days_idle: null,
      last_acted_as_admin: null,
      last_given_permission: '2026-02-01T10:00:00.000Z',
      sources: ['github.audit'],
    };
    expect(await everywhere(statement('dormant-admins'))).toEqual([ada, dora]);
    expect(await everywhere(statement('dormant-admins', { days: '140' }))).toEqual([dora]);
    expect(await everywhere(statement('dormant-admins', { tenant: 'other' }))).toEqual([]);
    // Before Carl was deleted; he had not been seen for 100 days.
    const april = await everywhere(statement('dormant-admins', { at: '2026-04-20' }));
    expect(april.map(({ person }) => person)).toEqual(['u4']);
    // The owner's last deeds that only an administrator can do are younger than her role.
    const owner = await everywhere(statement('dormant-admins', { roles: 'nothing-like-this' }));
    expect(owner[0]).toMatchObject({ person: 'ada@example.com', last_acted_as_admin: '2026-07-01T10:00:00.000Z' });
  });

  it.each(savedQueries().map((query) => [query.name, query] as const))(
    '%s means the same as Athena is given it',
    async (_, query) => {
      const asked = query.parameters.filter((one) => one.default === undefined);
      const given = Object.fromEntries(asked.map(({ name }) => [name, 'jane@example.com']));
      const one = placements.get('archive only')!;
      const now = new Date().toISOString();
      expect(await one.rows(namedQueryText(query), Object.values(given))).toEqual(
        await one.rows(withValues(query, given, now)),
      );
    },
  );
});

describe.each([...savedViews(), ...savedQueries()])('$name', ({ name }) => {
  it('gives the same rows over landing, over the archive, and half and half', async () => {
    const isView = savedViews().some((view) => view.name === name);
    const asked = isView ? [] : saved(name).parameters.filter((one) => one.default === undefined);
    let found = 0;
    // Somebody who acts, and a file that is acted on; without a parameter to be filled in there is one statement.
    for (const who of asked.length === 0 ? [''] : ['jane@example.com', 'f1']) {
      const given = Object.fromEntries(asked.map((one) => [one.name, who]));
      found += (await everywhere(isView ? `SELECT * FROM ${name} ORDER BY id` : statement(name, given))).length;
    }
    expect(found).toBeGreaterThan(0);
  });
});

describe('the scans', () => {
  const given = { tenant: 'acme', from: '2026-11-01', to: '2026-11-10' };
  it.each([
    ['actor-activity', { ...given, actor: 'u1' }],
    ['target-activity', { ...given, target: 'f1' }],
    ['logins-failed-then-succeeded', given],
  ])(
    'of %s read the days asked for of the archive, and filter by tenant and time in both tables',
    async (name, values) => {
      const half = placements.get('half and half, with repeats and an overlap')!;
      const [plan] = await half.rows(`EXPLAIN ${statement(name, values)}`);
      const text = String(plan!['explain_value']).replace(/[\s│]/g, '');
      // Three of the twelve files, each of one day and tenant, are of these days. The scans are drawn side by side, so filters are counted.
      expect(text.match(/ScanningFiles:\d+\/\d+/g)).toEqual(['ScanningFiles:3/12']);
      expect(text.match(/tenant='acme'/g)!.length).toBeGreaterThanOrEqual(2);
      expect(text.match(/time>='2026-11-01/g)!.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('of a view by use take filters on event_date, tenant, source and time', async () => {
    const half = placements.get('half and half, with repeats and an overlap')!;
    const where = `event_date >= '2026-11-01' AND tenant = 'acme' AND source = 'duo.auth' AND "time" >= timestamp '2026-11-01 00:00:00'`;
    const [plan] = await half.rows(`EXPLAIN SELECT id FROM logins WHERE ${where}`);
    const text = String(plan!['explain_value']).replace(/[\s│]/g, '');
    for (const filter of [/tenant='acme'/g, /source='duo.auth'/g, /time>='2026-11-01/g])
      expect(text.match(filter)!.length).toBe(2);
  });
});

describe('on this machine', () => {
  it('the archive’s files can be read, and nothing else of its bucket', async () => {
    const { dir } = placements.get('archive only')!;
    expect((await runSql({ dir, sql: 'SELECT count(*) FROM annals_dev.archive' })).rows).toEqual([[32]]);
    expect((await runSql({ dir, sql: "SELECT count(*) FROM logins WHERE tenant = 'other'" })).rows).toEqual([[1]]);
    await expect(runSql({ dir, sql: `SELECT * FROM '${dir}/s3/archive/raw/x.parquet'` })).rejects.toThrow(
      /Cannot access file|not possible/,
    );
  });
});
