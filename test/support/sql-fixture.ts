/**
 * A small year of two tenants, to be checked by hand. Jane guesses her way in, downloads and leaves; Bob fails to log in over hours;
 * Ada, the owner, gives permissions to Carl, Dora and Jane and is not seen after July; HR makes and deletes accounts.
 */
const JANE = { actor_type: 'user', actor_id: 'u1', actor_name: 'Jane', actor_email: 'jane@example.com' };
const BOB = { actor_type: 'user', actor_id: 'u2', actor_name: 'bob' };
const ADA = {
  actor_type: 'user',
  actor_id: 'u3',
  actor_name: 'Ada',
  actor_email: 'ada@example.com',
  actor_role: 'Owner',
};
const HR = { actor_type: 'service', actor_id: 'hr-sync', actor_name: 'HR sync' };

const user = (id: string, name: string, email?: string) => ({ type: 'user', id, name, ...(email && { email }) });
const FILE = { type: 'file', id: 'f1', name: 'Plan.xlsx' };
const login = { type: 'account_login', action: 'login', source: 'google_workspace.activity' };
const US = { ip: '198.51.100.1', location_country: 'US' };
const FR = { ip: '203.0.113.9', location_country: 'FR' };

const EVENTS: readonly Record<string, unknown>[] = [
  // Carl is given a permission and deleted in May; Dora is given one and never seen.
  {
    id: '01',
    time: '2026-01-05T10:00:00Z',
    ...ADA,
    type: 'add_permission',
    action: 'grant',
    targets: [user('u4', 'carl')],
  },
  {
    id: '02',
    time: '2026-02-01T10:00:00Z',
    ...ADA,
    type: 'add_permission',
    action: 'grant',
    targets: [user('u5', 'dora')],
  },
  {
    id: '03',
    time: '2026-02-02T10:00:00Z',
    ...ADA,
    type: 'create_group',
    action: 'group.create',
    targets: [{ type: 'group', id: 'g1', name: 'admins' }],
  },
  {
    id: '04',
    time: '2026-02-02T11:00:00Z',
    ...ADA,
    type: 'update_group',
    action: 'group.rename',
    targets: [{ type: 'team', id: 'g1', name: 'Admins' }],
  },
  {
    id: '05',
    time: '2026-02-02T12:00:00Z',
    ...ADA,
    type: 'add_permission',
    action: 'group.grant',
    targets: [{ type: 'group', id: 'g1', name: 'Admins' }],
  },
  {
    id: '06',
    time: '2026-05-01T10:00:00Z',
    ...HR,
    type: 'delete_user',
    action: 'user.delete',
    targets: [user('u4', 'carl')],
  },
  {
    id: '07',
    time: '2026-05-02T10:00:00Z',
    ...HR,
    type: 'create_user',
    action: 'user.create',
    targets: [user('u6', 'Eve', 'eve@example.com')],
  },
  {
    id: '08',
    time: '2026-05-03T10:00:00Z',
    ...HR,
    type: 'update_user',
    action: 'user.suspend',
    targets: [{ type: 'account', id: 'u6', name: 'Eve' }],
    outcome: 'unknown',
  },
  {
    id: '09',
    time: '2026-07-01T10:00:00Z',
    ...ADA,
    type: 'add_permission',
    action: 'grant',
    targets: [user('u1', 'Jane', 'jane@example.com')],
    ...US,
  },
  { id: '10', time: '2026-07-05T10:00:00.250Z', ...ADA, type: 'read_resource', action: 'read', targets: [FILE], ...US },
  // Jane's first login, at home.
  { id: '11', time: '2026-08-01T08:00:00Z', ...JANE, ...login, ...US, mfa_method: 'push' },
  // Three failures of two kinds, then in; then one failure, then in.
  { id: '12', time: '2026-11-01T09:00:00Z', ...JANE, ...login, ...FR, outcome: 'failure', reason: 'bad password' },
  { id: '13', time: '2026-11-01T09:01:00Z', ...JANE, ...login, ...FR, outcome: 'failure', reason: 'bad password' },
  {
    id: '14',
    time: '2026-11-01T09:02:00Z',
    ...JANE,
    type: 'mfa_verification',
    action: 'mfa',
    source: 'duo.auth',
    ip: '203.0.113.8',
    outcome: 'failure',
  },
  { id: '15', time: '2026-11-01T09:05:00Z', ...JANE, ...login, ...FR },
  { id: '16', time: '2026-11-01T09:10:00Z', ...JANE, ...login, ...FR, outcome: 'failure' },
  { id: '17', time: '2026-11-01T09:11:00Z', ...JANE, ...login, ...FR },
  {
    id: '18',
    time: '2026-11-01T18:00:00Z',
    ...JANE,
    type: 'account_logout',
    action: 'logout',
    source: 'google_workspace.activity',
    ...FR,
  },
  // Bob's three failures take two and a half hours.
  { id: '19', time: '2026-11-02T06:00:00Z', ...BOB, ...login, ...US, outcome: 'failure' },
  { id: '20', time: '2026-11-02T06:10:00Z', ...BOB, ...login, ...US, outcome: 'failure' },
  { id: '21', time: '2026-11-02T08:00:00Z', ...BOB, ...login, ...US, outcome: 'failure' },
  { id: '22', time: '2026-11-02T08:30:00Z', ...BOB, ...login, ...US },
  {
    id: '23',
    time: '2026-11-10T10:00:00Z',
    ...JANE,
    type: 'download_resource',
    action: 'download',
    targets: [FILE],
    ...US,
  },
  {
    id: '24',
    time: '2026-11-11T10:00:00Z',
    ...JANE,
    type: 'delete_resource',
    action: 'delete',
    targets: [FILE],
    ...US,
  },
  {
    id: '25',
    time: '2026-11-12T10:00:00Z',
    ...JANE,
    type: 'add_to_group',
    action: 'group.add',
    targets: [user('u2', 'bob'), { type: 'group', id: 'g1', name: 'Admins' }],
    ...US,
  },
  {
    id: '26',
    time: '2026-11-13T10:00:00Z',
    ...JANE,
    type: 'remove_enrollment',
    action: 'mfa.remove',
    targets: [{ type: 'device', id: 'd1', name: 'phone' }],
    ...US,
  },
  {
    id: '27',
    time: '2026-11-14T10:00:00Z',
    ...BOB,
    type: 'update_security_configuration',
    action: 'org.disable_two_factor_requirement',
    changes: [{ attribute: 'required', old: 'true', new: 'false' }],
    attributes: ['required'],
    ...US,
  },
  {
    id: '28',
    time: '2026-11-14T11:00:00Z',
    ...BOB,
    type: 'update_security_configuration',
    action: 'org.update',
    attributes: ['default_branch'],
    ...US,
  },
  {
    id: '29',
    time: '2026-11-15T10:00:00Z',
    ...JANE,
    type: 'create_integration',
    action: 'app.install',
    targets: [{ type: 'application', id: 'a1', name: 'Export' }],
    ...US,
  },
  // An application that writes her address in capitals, and fits no type.
  {
    id: '30',
    time: '2026-11-16T10:00:00Z',
    source: 'custom.app',
    actor_type: 'user',
    actor_email: 'JANE@example.com',
    action: 'report.print',
  },
  // After she left.
  { id: '31', time: '2026-11-21T10:00:00Z', ...JANE, type: 'read_resource', action: 'read', targets: [FILE], ...FR },
  // Another tenant's Jane, the same second as a failure above.
  { id: '32', time: '2026-11-01T09:01:00Z', tenant: 'other', ...JANE, ...login, ip: '192.0.2.1' },
];

const CATEGORY: Readonly<Record<string, string>> = {
  account_login: 'authentication',
  mfa_verification: 'authentication',
};

/** Rows of landing as Firehose is given them, in the order of their ids. */
export const SQL_FIXTURE: readonly Record<string, unknown>[] = EVENTS.map((event) => {
  const row = {
    received_at: event['time'],
    tenant: 'acme',
    connection: 'main',
    source: 'github.audit',
    outcome: 'success',
    targets: [] as Record<string, string>[],
    changes: [],
    attributes: [],
    flags: [],
    tier: '365d',
    category: CATEGORY[String(event['type'])] ?? null,
    raw: `{"n":"${event['id']}"}`,
    ...event,
  };
  const named = [row, ...row.targets].flatMap((one: Record<string, unknown>, index) =>
    (index === 0 ? ['actor_id', 'actor_name', 'actor_email'] : ['id', 'name', 'email']).map((key) => one[key]),
  );
  return {
    ...row,
    product: row.source.split('.')[0],
    entities: [...new Set(named.flatMap((name) => (typeof name === 'string' ? [name.toLowerCase()] : [])))],
  };
});
