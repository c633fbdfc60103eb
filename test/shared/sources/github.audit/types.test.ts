import { describe, expect, test } from 'vitest';
import { githubAudit } from '../../../../shared/sources/github.audit/source.ts';
import { guessed } from '../whatever-comes.ts';
import { factsOf } from './rows.ts';

const { actions, guess, types } = githubAudit;
const words = (list: string) => list.trim().split(/\s+/);

/** Names, white space between them, and the type of them all. */
const NAMED: readonly (readonly [type: string | null, names: string])[] = [
  [
    'account_login',
    `org.sso_response business.sso_response user.login user.failed_login user.sign_in_from_unrecognized_device
    user.sign_in_from_unrecognized_device_and_location user.new_device_used
    user.correct_password_from_unrecognized_device org.recovery_code_used business.recovery_code_used
    org.recovery_code_failed business.recovery_code_failed`,
  ],
  ['account_logout', 'user.logout org.revoke_sso_session business.revoke_sso_session'],
  [
    'mfa_verification',
    `user.two_factor_challenge_success user.two_factor_challenge_failure user.two_factor_requested
    user.two_factor_recover user.device_verification_success user.device_verification_failure`,
  ],
  [
    'add_enrollment',
    `two_factor_authentication.enabled two_factor_authentication.add_factor security_key.register passkey.register
    trusted_device.register`,
  ],
  [
    'remove_enrollment',
    `two_factor_authentication.disabled two_factor_authentication.remove_factor security_key.remove passkey.remove
    trusted_device.remove`,
  ],
  ['create_user', 'user.create user.recreate external_identity.provision'],
  ['delete_user', 'user.destroy user.delete user.async_delete external_identity.deprovision'],
  ['create_group', 'team.create enterprise_team.create external_group.provision'],
  [
    'update_group',
    `team.rename team.change_privacy team.change_parent_team external_group.update external_group.update_display_name
    enterprise_team.rename`,
  ],
  ['delete_group', 'team.destroy enterprise_team.destroy external_group.delete'],
  [
    'add_to_group',
    `org.add_member team.add_member repo.add_member enterprise_team.add_member external_group.add_member
    org.restore_member org.add_outside_collaborator repository_invitation.accept`,
  ],
  [
    'remove_from_group',
    `org.remove_member team.remove_member repo.remove_member business.remove_member org.remove_outside_collaborator
    enterprise_team.remove_member external_group.remove_member`,
  ],
  [
    'add_permission',
    `team.add_repository team.promote_maintainer org.update_member repo.update_member org.add_billing_manager
    business.add_billing_manager org.add_security_manager business.add_admin business.add_support_entitlee
    organization_moderators.add_user organization_moderators.add_team organization_role.assign enterprise_role.assign
    user.promote integration.manager_added project_collaborator.add org_credential_authorization.grant
    personal_access_token.access_granted repo.temporary_access_granted`,
  ],
  [
    'remove_permission',
    `team.remove_repository team.demote_maintainer org.remove_billing_manager business.remove_billing_manager
    org.remove_security_manager business.remove_admin business.remove_support_entitlee
    organization_moderators.remove_user organization_moderators.remove_team organization_role.revoke
    enterprise_role.revoke user.demote integration.manager_removed project_collaborator.remove
    org_credential_authorization.revoke org_credential_authorization.deauthorize personal_access_token.access_revoked`,
  ],
  ['create_role', 'role.create organization_role.create enterprise_role.create'],
  ['update_role', 'role.update organization_role.update enterprise_role.update'],
  ['delete_role', 'role.destroy organization_role.destroy enterprise_role.destroy'],
  [
    'create_integration',
    `integration.create integration_installation.create oauth_application.create org.oauth_app_access_approved
    oauth_authorization.create`,
  ],
  [
    'delete_integration',
    `integration.destroy integration_installation.destroy oauth_application.destroy org.oauth_app_access_denied
    oauth_authorization.destroy`,
  ],
  [
    'create_security_configuration',
    'private_repository_forking.enable ip_allow_list_entry.create org.enable_saml business.enable_two_factor_requirement',
  ],
  [
    'update_security_configuration',
    `hook.config_changed hook.events_changed hook.active_changed repo.change_merge_setting
    protected_branch.policy_override org.set_default_workflow_permissions`,
  ],
  [
    'delete_security_configuration',
    `org.disable_two_factor_requirement org.disable_saml business.disable_saml repo.advanced_security_disabled
    repository_secret_scanning_push_protection.disable ssh_certificate_requirement.disable`,
  ],
  [
    'create_resource',
    `repo.create hook.create repo.create_actions_secret org.create_actions_secret environment.create_actions_secret
    pull_request.create pull_request_review.submit pull_request_review_comment.create workflows.created_workflow_run`,
  ],
  [
    'update_resource',
    `repo.rename repo.access repo.archived repo.unarchived repo.transfer repo.transfer_outgoing repo.transfer_start
    pull_request.create_review_request pull_request_review_comment.update git.push workflows.completed_workflow_run
    workflows.prepared_workflow_job org.runner_group_updated`,
  ],
  ['delete_resource', 'repo.destroy hook.destroy pull_request_review.delete pull_request_review_comment.delete'],
  [
    'download_resource',
    `repo.download_zip git.clone git.fetch git.archive migration.create migration.download org.audit_log_export
    business.audit_log_export org.audit_log_git_event_export business.audit_log_git_event_export
    codespaces.export_environment`,
  ],
  [
    null,
    `org.invite_member business.invite_member org.cancel_invitation business.cancel_invitation org.members_limit_warning
    team.members_limit_warning staff.verify_domain account.plan_change billing.change_email payment_method.create
    sponsors.waitlist_join marketplace_listing.create user_session.country_change`,
  ],
];

describe('acts by name', () => {
  test.each(NAMED.flatMap(([type, names]) => words(names).map((name) => [name, type] as const)))(
    '%s is %s',
    (name, type) => {
      expect(actions).toHaveProperty([name]);
      expect(factsOf(name).type).toBe(type);
    },
  );
});

describe('rights that change', () => {
  const typeOf = (action: string, old: string | null, now: string | null, more = {}) =>
    factsOf(action, { old_repo_permission: old, new_repo_permission: now, ...more }).type;
  const ranked = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];
  const pairs = ranked.flatMap((lower, index) => ranked.slice(index + 1).map((higher) => [lower, higher] as const));

  test.each(pairs)('%s and %s', (lower, higher) => {
    for (const action of ['team.update_repository_permission', 'repo.update_member']) {
      expect(typeOf(action, lower, higher)).toBe('add_permission');
      expect(typeOf(action, higher, lower)).toBe('remove_permission');
    }
  });

  test('of an owner who becomes a member', () => {
    expect(factsOf('org.update_member', { old_permission: 'admin', permission: 'read' }).type).toBe(
      'remove_permission',
    );
    expect(factsOf('org.update_member', { old_permission: 'read', permission: 'admin' }).type).toBe('add_permission');
  });

  test('of a collaborator of a project', () => {
    expect(factsOf('project_collaborator.update', { old_project_role: 'admin', project_role: 'read' }).type).toBe(
      'remove_permission',
    );
  });

  test('that are custom roles are judged by their base roles', () => {
    const more = { old_repo_base_role: 'write', new_repo_base_role: 'read' };
    expect(typeOf('repo.update_member', 'release-manager', 'auditor', more)).toBe('remove_permission');
  });

  test('whose old value is an object only', () => {
    const more = { old_permissions: { pull: true, push: true, admin: false } };
    expect(typeOf('team.update_repository_permission', null, 'pull', more)).toBe('remove_permission');
    expect(typeOf('team.update_repository_permission', null, 'admin', more)).toBe('add_permission');
  });

  test.each([
    [null, null],
    ['write', 'write'],
    ['release-manager', 'auditor'],
    ['constructor', '__proto__'],
  ])('%s to %s has no direction', (old, now) => {
    expect(typeOf('team.update_repository_permission', old, now)).toBe('add_permission');
  });
});

describe('requests', () => {
  test.each([
    ['api.request', 'GET', 'read_resource'],
    ['api.request', 'POST', 'create_resource'],
    ['api.request', 'patch', 'update_resource'],
    ['api.request', 'DELETE', 'delete_resource'],
    ['external_identity.scim_api_success', 'POST', 'create_user'],
    ['external_identity.scim_api_failure', 'PUT', 'update_user'],
    ['external_group.scim_api_success', 'DELETE', 'delete_group'],
    ['external_group.scim_api_success', 'constructor', 'update_group'],
  ])('%s with %s is %s', (action, request_method, type) => {
    expect(factsOf(action, { request_method }).type).toBe(type);
  });
});

describe('acts that are in no table', () => {
  // By what stands before the dot, then by the verb.
  test.each([
    ['protected_branch.update_rocket_level', 'update_security_configuration'],
    ['repository_ruleset.archive', 'update_security_configuration'],
    ['required_status_check.update', 'update_security_configuration'],
    ['ip_allow_list_entry.register', 'create_security_configuration'],
    ['ssh_certificate_authority.update', 'update_security_configuration'],
    ['secret_scanning_new_thing.enable', 'create_security_configuration'],
    ['secret_scanning_alert.snooze', 'update_resource'],
    ['dependabot_alerts_rule.disable', 'delete_security_configuration'],
    ['dependency_graph_next.enable', 'create_security_configuration'],
    ['repository_vulnerability_alerts_x.disable', 'delete_security_configuration'],
    ['members_can_fly.clear', 'delete_security_configuration'],
    ['sso_everywhere.enable', 'create_security_configuration'],
    ['restrict_notification_delivery.update', 'update_security_configuration'],
    ['org.set_rocket_policy', 'update_security_configuration'],
    ['business.enable_rockets', 'create_security_configuration'],
    ['repo.disable_rockets', 'delete_security_configuration'],
    ['enterprise.clear_rocket_settings', 'update_security_configuration'],
    ['org.rockets_enabled', 'create_security_configuration'],
    ['integration.suspend_all', 'update_integration'],
    ['oauth_access.expire', 'update_integration'],
    ['app.create', 'create_integration'],
    ['audit_log_streaming.pause', 'update_integration'],
    ['user.change_avatar', 'update_user'],
    ['profile_picture.create', 'create_user'],
    ['external_identity.merge', 'update_user'],
    ['org.block_user', 'update_user'],
    ['copilot.cfb_seat_moved', 'update_user'],
    ['team.archive', 'update_group'],
    ['enterprise_team.merge', 'update_group'],
    ['organization_role.copy', 'update_role'],
    ['rocket.create', 'create_resource'],
    ['rocket.item_added', 'create_resource'],
    ['rocket.publish', 'create_resource'],
    ['rocket.destroy', 'delete_resource'],
    ['rocket.revoke', 'delete_resource'],
    ['rocket.item_deleted', 'delete_resource'],
    ['rocket.unregister', 'delete_resource'],
    ['rocket.view', 'read_resource'],
    ['rocket.export_all', 'download_resource'],
    ['rocket.download', 'download_resource'],
    ['rocket.approve', 'update_resource'],
    ['rocket.restore', 'update_resource'],
    ['org.update_actions_secret', 'update_resource'],
    ['org.create_rocket_variable', 'create_resource'],
    ['org.runner_group_merged', 'update_resource'],
    ['rocket.invite_member', null],
    ['rocket.limit_warning', 'update_resource'],
    ['rocket.seats_limit_warning', null],
    ['billing_rockets.create', null],
    ['', null],
    ['rocket', null],
    ['.create', null],
  ])('%s is %s', (action, type) => expect(guess(action)).toBe(type));

  test('names without a dot go by the operation', () => {
    const typeOf = (operation_type: string) => factsOf('rocket', { operation_type }).type;
    expect(words('create modify transfer restore remove access authentication other constructor').map(typeOf)).toEqual([
      'create_resource',
      'update_resource',
      'update_resource',
      'update_resource',
      'delete_resource',
      'read_resource',
      'account_login',
      null,
      null,
    ]);
  });

  test.each([0, 1] as const)('are typed as the table does, for every second action from %i', (parity) => {
    expect(guessed(githubAudit, parity)).toBeGreaterThan(0.95);
  });

  test('never have a type that the source does not give', () => {
    const kinds = words('user team role org integration secret_scanning rocket hook api');
    const verbs = words('view read list show download export search create update delete frob login assign');
    const found = kinds.flatMap((kind) => verbs.map((verb) => guess(`${kind}.${verb}`)));
    expect(found.filter((type) => type !== null && !types.includes(type))).toEqual([]);
  });
});

test('the table has the acts that GitHub documents', () => {
  expect(Object.keys(actions).length).toBeGreaterThan(800);
  expect(Object.keys(actions).filter((name) => !/^[a-z_]+(\.[a-z_]+){1,2}$/.test(name))).toEqual([]);
});
