import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../shared/json.ts';
import { withoutSecrets } from '../../../../shared/sources/m365/redact.ts';
import { REDACTED } from '../../../../shared/sources/redacted.ts';

const parameter = (Name: string, Value: string) => ({
  Parameters: [
    { Name: 'Identity', Value: 'x' },
    { Name, Value },
  ],
});

test.each([
  [parameter('Password', 'hunter2 correct'), parameter('Password', REDACTED)],
  [parameter('RoomMailboxPassword', 'x'), parameter('RoomMailboxPassword', REDACTED)],
  [parameter('Credentials', 'ada:pass'), parameter('Credentials', REDACTED)],
  [
    { ModifiedProperties: [{ Name: 'ClientSecret', OldValue: 'one', NewValue: 'two' }] },
    { ModifiedProperties: [{ Name: 'ClientSecret', OldValue: REDACTED, NewValue: REDACTED }] },
  ],
  [
    { ModifiedProperties: [{ Name: 'StrongAuthentication', NewValue: '[{"OathSecretKey": "JBSWY3DP"}]' }] },
    { ModifiedProperties: [{ Name: 'StrongAuthentication', NewValue: `[{"OathSecretKey": "${REDACTED}"}]` }] },
  ],
  [{ Parameters: '-Identity "x" -Password "p q"' }, { Parameters: `-Identity "x" -Password "${REDACTED}"` }],
  [
    { ObjectId: 'https://files.example.com/a?x=1&guestaccesstoken=abc%2B1&y=2' },
    { ObjectId: 'https://files.example.com/a?x=1&guestaccesstoken=[redacted%20by%20Annals]&y=2' },
  ],
])('%j is redacted', (raw: JsonObject, clean: JsonObject) => {
  const before = JSON.stringify(raw);
  expect(withoutSecrets(raw)).toEqual(clean);
  expect(JSON.stringify(raw)).toBe(before);
  expect(withoutSecrets(clean)).toBeUndefined();
});

test.each([
  [parameter('Password', '*****')],
  [parameter('ForceChangePassword', 'True')],
  [parameter('PasswordPolicies', 'None')],
  [{ Parameters: '-Identity "x" -ResetPassword "True"' }],
  [{ Operation: 'Reset user password.', UserId: 'ada' }],
])('%j has no secret', (raw) => {
  expect(withoutSecrets(raw)).toBeUndefined();
});

test('nothing is redacted twice', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('Password', 'Credential', 'Name'), (value, name) => {
      const raw = { ...parameter(name, value), ObjectId: `?sig=${value}`, EventData: `-Password ${value}` };
      expect(withoutSecrets(withoutSecrets(raw) ?? raw)).toBeUndefined();
    }),
  );
});
