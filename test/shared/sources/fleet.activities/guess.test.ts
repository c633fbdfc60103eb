import { describe, expect, test } from 'vitest';
import { fleetActivities } from '../../../../shared/sources/fleet.activities/source.ts';
import { activity, mapped } from './activities.ts';

const known = Object.entries(fleetActivities.actions).toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('activity types that Fleet may add', () => {
  test.each([
    ['created_user_invite', 'create_user'],
    ['edited_user', 'update_user'],
    ['edited_team', 'update_group'],
    ['created_fleet', 'create_group'],
    ['changed_user_fleet_role', 'add_permission'],
    ['deleted_user_fleet_role', 'remove_permission'],
    ['created_linux_profile', 'create_security_configuration'],
    ['deleted_linux_profile', 'delete_security_configuration'],
    ['edited_tvos_min_version', 'update_security_configuration'],
    ['enabled_anything_else', 'update_security_configuration'],
    ['disabled_anything_else', 'update_security_configuration'],
    ['added_jira_integration', 'create_integration'],
    ['edited_other_scep_proxy', 'update_integration'],
    ['disabled_abm', 'delete_integration'],
    ['read_host_firmware_password', 'read_resource'],
    ['retrieved_host_secret', 'read_resource'],
    ['restarted_host_enrolled', 'create_resource'],
    ['uninstalled_plug_in', 'update_resource'],
    ['deleted_report', 'delete_resource'],
    ['canceled_wipe', null],
    ['failed_lock', null],
    ['pondered_host', null],
    ['constructor', null],
    ['', null],
  ])('%s is %s', (action, type) => {
    expect(fleetActivities.guess(action)).toBe(type);
    expect(mapped(activity(action, {})).facts).toMatchObject({ type, action: action || 'unknown' });
  });
});

test.each([0, 1])(
  'at least 80 % of every second activity type are guessed as the table has them (from %i)',
  (first) => {
    const half = known.filter((_, index) => index % 2 === first);
    const right = half.filter(([action, type]) => fleetActivities.guess(action) === type);
    expect(right.length / half.length).toBeGreaterThanOrEqual(0.8);
  },
);
