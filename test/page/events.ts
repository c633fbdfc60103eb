const MINUTE_MS = 60_000;

/** An event of an application, `ago` minutes old. */
export function happened(ago: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    source: 'custom.crm',
    product: 'crm',
    time: new Date(Date.now() - ago * MINUTE_MS).toISOString(),
    type: 'download_resource',
    action: 'file.download',
    outcome: 'success',
    actor: { type: 'user', name: 'Jane Roe', email: 'jane@example.com' },
    targets: [{ type: 'file', id: 'f-1', name: 'Q3 forecast.xlsx' }],
    ip: '203.0.113.7',
    ...more,
  };
}

/** A few events of two applications and three people, in the last hours: each is told apart by its sentence. */
export const SOME = [
  happened(1, {
    type: 'add_to_group',
    action: 'group.member_add',
    targets: [
      { type: 'user', id: 'u-9', name: 'octo-bot' },
      { type: 'group', id: 'g-1', name: 'Admins' },
    ],
    session: 's-1',
  }),
  happened(4, { session: 's-1' }),
  happened(9, {
    source: 'custom.vpn',
    product: 'vpn',
    type: 'account_login',
    action: 'login',
    targets: [],
    session: 's-1',
  }),
  happened(30, {
    source: 'custom.vpn',
    product: 'vpn',
    type: 'account_login',
    action: 'login',
    outcome: 'failure',
    reason: 'wrong password',
    actor: { type: 'user', name: 'Sam Petrov', email: 'sam@example.com' },
    targets: [],
    ip: '198.51.100.4',
  }),
  happened(90, {
    type: 'update_security_configuration',
    action: 'setting.change',
    targets: [{ type: 'setting', id: 'mfa', name: 'mfa.required' }],
    changes: [{ attribute: 'mfa.required', old: 'true', new: 'false' }],
    raw: { deep: { needle: 'hay', other: [1, 2, 3] }, plain: 'x' },
  }),
  happened(50 * 60, { actor: { type: 'user', name: 'Sam Petrov', email: 'sam@example.com' }, action: 'file.get' }),
];
