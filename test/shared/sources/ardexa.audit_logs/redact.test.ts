import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { REDACTED } from '../../../../shared/sources/redacted.ts';
import { mapped, rowOf } from './rows.ts';

const secret = 'fog-lamp-5f1c9d0e8b7a';
const update = (more: JsonObject, attribute?: string) =>
  mapped(rowOf(['workgroup-setting', 'workgroup', 'update', attribute], more));

describe('secrets in settings and configurations', () => {
  test.each<[string, JsonObject]>([
    ['a member of an object', { new_value_full: { password: secret } }],
    ['a member of an object that is text', { old_value_full: `{"relay":{"smtp_password":"${secret}"}}` }],
    ['a list under a name', { new_value_full: { api_tokens: [secret, secret] } }],
    ['an object under a name', { new_value_full: { credentials: { user: 'x', word: secret } } }],
    ['a camel-cased name', { new_value_full: { apiKey: secret, wifiPsk1: secret } }],
    ['JSON in the short columns', { old_value: `{"secret":"${secret}"}`, new_value: { token: secret } }],
    ['a setting of that name', { attribute: 'smtp.password', old_value: secret, new_value: `${secret}2` }],
    ['an assignment', { config: `host = 192.0.2.40\npassword = ${secret}\nport = 502` }],
    ['a quoted assignment', { config: `token: "${secret} and more", port: 502` }],
    ['a line of YAML', { config: `source:\n  api_key: ${secret}` }],
    ['broken JSON', { config: `{"password": "${secret}", ` }],
    ['an address', { config: `url: mqtt://plant:${secret}@broker.example.com/` }],
    ['an address in a member', { new_value_full: { url: `https://plant:${secret}@broker.example.com/` } }],
    ['a private key', { config: `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----` }],
    ['a private key in a value', { new_value: `-----BEGIN PRIVATE KEY-----\n${secret}` }],
  ])('%s is replaced', (_, more) => {
    const event = update(more);
    expect(event.redacted).toBe(true);
    expect(JSON.stringify(event)).not.toContain(secret);
    expect(JSON.stringify(event.raw)).toContain(REDACTED);
    expect(JSON.stringify(event.facts.changes)).toContain(REDACTED);
    expect(mapped(event.raw).raw).toEqual(event.raw);
  });

  test('what stands beside them stays', () => {
    const event = update({
      config: `password=${secret};port=502`,
      new_value_full: `{"b":1,"a":{"token":"${secret}"}}`,
    });
    expect(event.raw).toMatchObject({
      config: `password=${REDACTED};port=502`,
      new_value_full: `{"a":{"token":"${REDACTED}"},"b":1}`,
    });
  });

  test('that one was changed is told, and one that was not is not', () => {
    const change = (from: string, to: string) =>
      update({ old_value_full: { password: from, port: 1 }, new_value_full: { password: to, port: 2 } }).facts.changes;
    const port = { attribute: 'port', old: '1', new: '2' };
    expect(change(secret, `${secret}2`)).toEqual([{ attribute: 'password', old: REDACTED, new: REDACTED }, port]);
    expect(change(secret, secret)).toEqual([port]);
  });

  test.each<[string, JsonObject]>([
    ['rules about them', { new_value_full: { password_policy: { length: 12 }, token_expiry: 30 } }],
    ['whether there are any', { new_value_full: { password: true, secret: null, token: '' } }],
    ['permissions', { old_value: 'token:read', new_value: '["token:read","token:write"]' }],
    ['other columns', { comments: `password=${secret}` }],
    ['no structure', { config: 7, new_value_full: [1, 'token'] }],
  ])('%s are none', (_, more) => {
    const raw = rowOf(['workgroup-setting', 'workgroup', 'update'], more);
    const event = mapped(raw);
    expect(event.redacted).toBe(false);
    expect(event.raw).toBe(raw);
  });

  test('never survive, however deep', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 6 }), fc.boolean(), fc.jsonValue(), (path, isText, noise) => {
        const inner: Json = { noise: noise as Json, password: secret };
        const buried = path.reduceRight<Json>((value, key) => ({ [key]: [value] }), inner);
        const event = update({ new_value_full: isText ? JSON.stringify(buried) : buried });
        expect(JSON.stringify(event)).not.toContain(secret);
        expect(event.redacted).toBe(true);
      }),
    );
  });

  test('what is nested beyond reason is replaced unseen', () => {
    let deep: Json = { password: secret };
    for (let depth = 0; depth < 20_000; depth += 1) deep = { a: deep };
    const event = update({ new_value_full: deep });
    expect(event.redacted).toBe(true);
    expect(JSON.stringify(event)).not.toContain(secret);
  });

  test('long texts are read in no time', () => {
    const began = performance.now();
    for (const piece of ['password', '//a:', '-----BEGIN PRIVATE KEY-----', 'password="', 'a@', '[{', ' \t']) {
      update({ config: piece.repeat(200_000 / piece.length), new_value: piece.repeat(200_000 / piece.length) });
    }
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
