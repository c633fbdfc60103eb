import { expect, test } from 'vitest';
import { ardexaAuditLogs } from '../../../../shared/sources/ardexa.audit_logs/source.ts';

const known = Object.entries(ardexaAuditLogs.actions).toSorted(([a], [b]) => (a < b ? -1 : 1));

test.each([0, 1])('at least 80 % of every second action are guessed as the table has them (from %i)', (first) => {
  const half = known.filter((_, index) => index % 2 === first);
  const right = half.filter(([action, type]) => ardexaAuditLogs.guess(action) === type);
  expect(right.length / half.length).toBeGreaterThanOrEqual(0.8);
});

test.each([
  ['delete_user', 'delete_user'],
  ['create_workgroup', 'create_group'],
  ['update_config', 'update_security_configuration'],
  ['install_integration', 'create_integration'],
  ['close_session', null],
  ['download_report', 'download_resource'],
  ['logout', 'account_logout'],
  ['MFA verify', 'mfa_verification'],
  ['unshare_search', 'remove_permission'],
  ['constructor', null],
  ['', null],
])('%s is %s', (action, type) => {
  expect(ardexaAuditLogs.guess(action)).toBe(type);
});
