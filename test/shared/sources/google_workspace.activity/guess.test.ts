import { describe, expect, test } from 'vitest';
import { googleWorkspaceActivity } from '../../../../shared/sources/google_workspace.activity/source.ts';

const { actions, guess, types } = googleWorkspaceActivity;
const keys = Object.keys(actions).toSorted();

describe('guess', () => {
  test.each([0, 1])('types 90 %% of every second action as the table does, from %i', (start) => {
    const taken = keys.filter((_, index) => index % 2 === start);
    const right = taken.filter((key) => guess(key) === actions[key]);
    expect(taken.length).toBeGreaterThan(300);
    expect(right.length / taken.length).toBeGreaterThan(0.9);
  });

  test('gives no type that the source does not have', () => {
    const found = ['VIEW_GROUP_THING', 'VIEW_ROLE_X', 'READ_SSO_RULE', ...keys].map((key) => guess(key));
    expect(found.filter((type) => type !== null && !types.includes(type))).toEqual([]);
  });

  test.each([
    ['admin.DELETE_USER_ALIAS_RULE', 'delete_security_configuration'],
    ['admin.REVOKE_USER_SESSION', 'update_user'],
    ['SUSPEND_USER_SOON', 'update_user'],
    ['admin.EXPORT_GROUP_LIST', 'download_resource'],
    ['ADMIN.INSERT_PRINTER_QUEUE', 'create_resource'],
    ['drive.download_all', 'download_resource'],
    ['nowhere.create_thing', 'create_resource'],
    ['nowhere.thing', null],
    ['constructor.constructor', null],
    ['', null],
  ])('%s is %s', (key, type) => expect(guess(key)).toBe(type));

  test('every action is named by its application', () => {
    expect(keys.filter((key) => !/^[a-z_]+\.\w+$/.test(key))).toEqual([]);
  });
});
