import { describe, expect, test } from 'vitest';
import { guess } from '../../../../shared/sources/duo/guess.ts';
import { duoActivity } from '../../../../shared/sources/duo.activity/source.ts';
import { duoAdmin } from '../../../../shared/sources/duo.admin/source.ts';
import { guessed } from '../whatever-comes.ts';
import { FAILURES, ROWS } from './documented.ts';

describe('every documented action', () => {
  test.each(ROWS)('%s is %s in both logs', (action, type) => {
    const outcome = FAILURES.has(action) ? 'failure' : 'success';
    expect(duoAdmin.normalize({ action })).toMatchObject([{ facts: { action, type, outcome } }]);
    expect(duoActivity.normalize({ action: { name: action } })).toMatchObject([{ facts: { action, type, outcome } }]);
  });

  test('is in the table, once', () => {
    const names = ROWS.map(([action]) => action);
    expect(new Set(names).size).toBe(names.length);
    expect(names.toSorted()).toEqual(Object.keys(duoAdmin.actions).toSorted());
    expect(duoActivity.actions).toEqual(duoAdmin.actions);
  });
});

describe('actions that Duo may add', () => {
  test.each([
    ['user_add', 'create_user'],
    ['user_edit', 'update_user'],
    ['admin_remove', 'delete_user'],
    ['user_view', 'read_user'],
    ['group_edit', 'update_group'],
    ['integration_add', 'create_integration'],
    ['okta_directory_remove', 'delete_integration'],
    ['policy_copy', 'create_security_configuration'],
    ['integration_policy_replace', 'update_security_configuration'],
    ['webauthncredential_associate', 'add_enrollment'],
    ['okta_sync_finish', null],
    ['token_create', 'create_resource'],
    ['phone_verify', 'update_resource'],
    ['lantern', null],
    ['', null],
  ])('%s is %s', (action, type) => {
    expect(guess(action)).toBe(type);
  });

  test('four of five are typed as the table would', () => {
    expect(guessed(duoAdmin, 0)).toBeGreaterThanOrEqual(0.85);
    expect(guessed(duoAdmin, 1)).toBeGreaterThanOrEqual(0.85);
  });

  test('a name without end is guessed at once', () => {
    expect(guess('_sync_'.repeat(100_000))).toBeNull();
  });
});
