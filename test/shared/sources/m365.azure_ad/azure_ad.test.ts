import { describe, expect, test } from 'vitest';
import { m365AzureAd } from '../../../../shared/sources/m365.azure_ad/source.ts';
import {
  ADA,
  ADA_ID,
  BO,
  BO_ID,
  mapped,
  type Row,
  record,
  TENANT,
  testRows,
  testSource,
  testTypes,
} from '../m365/conformance.ts';

const APP = '5d5d5d5d-0000-4000-8000-000000000004';
const GROUP = '00000010-1000-4000-8000-000000000016';
const properties = (values: Record<string, string>) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
const ids = (...entries: [string, number][]) => entries.map(([ID, Type]) => ({ ID, Type }));
const modified = (Name: string, OldValue: string, NewValue: string) => ({ Name, OldValue, NewValue });
const bo = ids([`User_${BO_ID}`, 2], [BO_ID, 2], ['User', 2], [BO, 5], ['1003200000000B0B', 3]);
const ada = ids([ADA, 5], ['1003200000000A0A', 3], ['Admin Portal', 1], [APP, 2], [`User_${ADA_ID}`, 2], [ADA_ID, 2]);
const BO_TARGET = { type: 'user', id: BO_ID, email: BO };

const signIn = (operation: string, body: object = {}, extended: Record<string, string> = {}) =>
  record(operation, {
    RecordType: 15,
    ResultStatus: 'Success',
    ClientIP: '[2001:db8:7::15]:443',
    ActorIpAddress: '198.51.100.23',
    ActorContextId: TENANT,
    ApplicationId: APP,
    Actor: ids([ADA_ID, 0], [ADA, 5]),
    Target: ids([GROUP, 0]),
    ExtendedProperties: properties({ UserAgent: 'Firefox/140', RequestType: 'OAuth2:Token', ...extended }),
    DeviceProperties: properties({
      OS: 'Linux',
      BrowserType: 'Firefox',
      SessionId: 's1',
      Id: 'd1',
      DisplayName: 'PEBBLE-7',
    }),
    ErrorNumber: '0',
    ...body,
  });
const update = (...changed: object[]) =>
  record('Update user.', { ResultStatus: 'Success', Target: bo, ModifiedProperties: changed as never });

const rows: Row[] = [
  [
    'a sign-in',
    signIn('UserLoggedIn'),
    {
      type: 'account_login',
      outcome: 'success',
      actor: { id: ADA_ID, email: ADA, type: 'user', role: 'Regular' },
      targets: [
        { type: 'application', id: GROUP },
        { type: 'application', id: APP },
      ],
      ip: '2001:db8:7::15',
      userAgent: 'Firefox/140',
      session: 's1',
      device: { id: 'd1', name: 'PEBBLE-7', type: 'Firefox', os: 'Linux' },
      credential: { type: 'OAuth2:Token' },
      identityProvider: TENANT,
      reason: undefined,
    },
  ],
  [
    'a failed sign-in, though the request succeeded',
    signIn('UserLoginFailed', { ErrorNumber: '50126', LogonError: 'InvalidUserNameOrPassword' }),
    { type: 'account_login', outcome: 'failure', reason: 'InvalidUserNameOrPassword (50126)' },
  ],
  ['a failed sign-in that gives no error', signIn('UserLoginFailed'), { outcome: 'failure', reason: undefined }],
  [
    'an error under the name that the schema gives it',
    signIn('UserLoggedIn', { ErrorNumber: null, ErrorCode: 50053 }),
    { outcome: 'failure', reason: 'error 50053' },
  ],
  [
    'an error in words only',
    signIn('UserLoggedIn', { LogonError: 'IdsLocked' }),
    { outcome: 'failure', reason: 'IdsLocked' },
  ],
  [
    'a second factor, whose record calls the user a system',
    signIn(
      'UserLoggedIn',
      { UserType: 4, UserId: 'Not Available', Actor: ids([ADA_ID, 0]), ClientIP: '', UserKey: 'x' },
      { RequestType: 'SAS:EndAuth' },
    ),
    {
      type: 'mfa_verification',
      outcome: 'success',
      actor: { id: ADA_ID, type: 'user', role: 'System' },
      ip: '198.51.100.23',
    },
  ],
  [
    'a second factor that failed',
    signIn('UserLoginFailed', { ErrorNumber: '500121', LogonError: 'AuthFailed' }, { RequestType: 'SAS:EndAuth' }),
    { type: 'mfa_verification', outcome: 'failure', reason: 'AuthFailed (500121)' },
  ],
  [
    'a sign-in that was stopped to ask for a second factor',
    signIn('UserLoginFailed', { ErrorNumber: '50074' }, { RequestType: 'SAS:BeginAuth' }),
    { type: 'account_login', outcome: 'failure', reason: 'error 50074' },
  ],
  [
    'a user nobody knows',
    signIn('UserLoginFailed', { UserId: 'Not Available', UserKey: 'Not Available', UserType: 4, Actor: [] }),
    { actor: { type: 'unknown', role: 'System' }, outcome: 'failure' },
  ],
  [
    'a group joined, through an application',
    record('Add member to group.', {
      ResultStatus: 'Success',
      ObjectId: BO,
      Actor: ada,
      Target: bo,
      ExtendedProperties: properties({ additionalDetails: '{"User-Agent":"Portal/1"}' }),
      ModifiedProperties: [
        modified('Group.ObjectID', '', GROUP),
        modified('Group.DisplayName', '', '"Field Engineers"'),
        modified('Group.WellKnownObjectName', '', ''),
      ],
    }),
    {
      type: 'add_to_group',
      outcome: 'success',
      actor: { id: ADA_ID, email: ADA, type: 'user', role: 'Regular' },
      targets: [BO_TARGET, { type: 'group', id: GROUP, name: 'Field Engineers' }],
      changes: [
        { attribute: 'Group.ObjectID', new: GROUP },
        { attribute: 'Group.DisplayName', new: 'Field Engineers' },
      ],
      userAgent: 'Portal/1',
      credential: { id: APP, name: 'Admin Portal', type: 'application' },
    },
  ],
  [
    'a role lost, by an application',
    record('Remove member from role.', {
      UserType: 4,
      UserId: `ServicePrincipal_${GROUP}`,
      UserKey: 'Not Available',
      Actor: ids(['Roster Sync', 1], [APP, 2], [`ServicePrincipal_${GROUP}`, 2], [GROUP, 2], ['ServicePrincipal', 2]),
      Target: bo,
      ModifiedProperties: [modified('Role.ObjectID', BO_ID, ''), modified('Role.DisplayName', 'Warden', '')],
    }),
    {
      type: 'remove_permission',
      outcome: 'unknown',
      actor: { id: GROUP, name: 'Roster Sync', type: 'service', role: 'System' },
      targets: [BO_TARGET, { type: 'role', id: BO_ID, name: 'Warden' }],
      changes: [
        { attribute: 'Role.ObjectID', old: BO_ID },
        { attribute: 'Role.DisplayName', old: 'Warden' },
      ],
    },
  ],
  [
    'a deleted user, whose name begins with the id',
    record('Delete user.', {
      ResultStatus: 'Failure',
      ExtendedProperties: properties({ 'MethodExecutionResult.': 'ObjectNotFound' }),
      Target: ids([`User_${BO_ID}`, 2], [`${BO_ID.replaceAll('-', '')}${BO}`, 5]),
    }),
    {
      type: 'delete_user',
      outcome: 'failure',
      reason: 'ObjectNotFound',
      targets: [{ type: 'user', id: BO_ID, name: `${BO_ID.replaceAll('-', '')}${BO}`, email: BO }],
    },
  ],
  [
    'an application, by both of its ids',
    record('Add service principal credentials.', {
      Target: ids([`ServicePrincipal_${GROUP}`, 2], [GROUP, 2], ['ServicePrincipal', 2], ['Barometer', 1], [APP, 2]),
      ModifiedProperties: [modified('KeyDescription', '[]', '["[KeyType=Password]","[KeyType=AsymmetricX509Cert]"]')],
    }),
    {
      type: 'update_integration',
      targets: [
        { type: 'service_principal', id: GROUP, name: 'Barometer' },
        { type: 'application', id: APP, name: 'Barometer' },
      ],
      changes: [{ attribute: 'KeyDescription', new: '["[KeyType=Password]","[KeyType=AsymmetricX509Cert]"]' }],
    },
  ],
  [
    'two objects at once',
    record('Update group.', {
      Target: ids([`Group_${GROUP}`, 2], ['Masts', 1], [`Group_${APP}`, 2], ['Vanes', 1]),
    }),
    {
      targets: [
        { type: 'group', id: GROUP, name: 'Masts' },
        { type: 'group', id: APP, name: 'Vanes' },
      ],
    },
  ],
  [
    'a domain, which has no id',
    record('Verify domain.', { ObjectId: 'northwind.example.com' }),
    { type: 'update_security_configuration', targets: [{ type: 'domain', name: 'northwind.example.com' }] },
  ],
  [
    'a first factor',
    update(modified('StrongAuthenticationMethod', '[]', '[{"MethodType":6}]')),
    {
      type: 'add_enrollment',
      mfa: { enrollment: 'StrongAuthenticationMethod' },
      changes: [{ attribute: 'StrongAuthenticationMethod', new: '{"MethodType":6}' }],
      targets: [BO_TARGET],
    },
  ],
  [
    'the last factor',
    update(modified('StrongAuthenticationPhoneAppDetail', '[{"Id":1}]', '')),
    { type: 'remove_enrollment', mfa: { enrollment: 'StrongAuthenticationPhoneAppDetail' } },
  ],
  [
    'a factor in place of another',
    update(modified('StrongAuthenticationMethod', '[{"MethodType":0}]', '[{"MethodType":6}]')),
    { type: 'update_user', mfa: undefined },
  ],
  [
    'one kind of factor for another',
    update(
      modified('StrongAuthenticationMethod', '[]', '[{"MethodType":0}]'),
      modified('StrongAuthenticationPhoneAppDetail', '[{"Id":1}]', '[]'),
    ),
    { type: 'update_user' },
  ],
];

describe('facts', () => testRows(m365AzureAd, rows));

describe('types', () =>
  testTypes(m365AzureAd, {
    account_login: 'UserLoggedIn, UserLoginFailed',
    account_logout: 'UserLoggedOff',
    create_user: 'Add user',
    delete_user: 'Delete user',
    update_user:
      'Update user, Change user license, Change user password, Reset user password, Set force change user password, Set license properties, Enable account, Disable account',
    create_group: 'Add group',
    update_group: 'Update group',
    delete_group: 'Delete group',
    add_to_group: 'Add member to group, Add owner to group',
    remove_from_group: 'Remove member from group, Remove owner from group',
    add_permission: 'Add member to role, Add eligible member to role, Add app role assignment grant to user',
    remove_permission: 'Remove member from role, Remove app role assignment from user',
    add_enrollment: 'Enable Strong Authentication, User registered security info',
    remove_enrollment: 'Disable Strong Authentication, User deleted security info',
    create_role: 'Add role definition',
    update_role: 'Update role definition',
    delete_role: 'Delete role definition',
    create_security_configuration:
      'Add policy, Add conditional access policy, Add domain to company, Add partner to company, Add named location',
    update_security_configuration:
      'Update policy, Update conditional access policy, Update domain, Verify domain, Set domain authentication, Set federation settings on domain, Set password policy, Set DirSyncEnabled flag, Set company information',
    delete_security_configuration:
      'Delete policy, Delete conditional access policy, Remove domain from company, Remove partner from company',
    create_integration:
      'Add application, Add service principal, Add delegation entry, Consent to application, Add OAuth2PermissionGrant, Add delegated permission grant',
    update_integration:
      'Update application, Update service principal, Add service principal credentials, Remove service principal credentials, Set delegation entry',
    delete_integration: 'Delete application, Remove service principal, Remove delegation entry',
    update_resource: 'Set company contact information',
    create_resource: 'Add device',
    unmapped: 'Something else entirely',
  }));

test('a record without an operation is kept', () => {
  expect(mapped(m365AzureAd, {}).facts).toMatchObject({ type: null, action: 'unknown', outcome: 'unknown' });
  expect(mapped(m365AzureAd, {})).toMatchObject({ time: undefined, vendorId: undefined });
});

describe('the source', () => testSource(m365AzureAd, [[{ ID: 7, Type: {} }, 'x', null, [{}]], 'text', { Name: 1 }]));
