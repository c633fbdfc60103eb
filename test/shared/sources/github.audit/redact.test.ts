import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/github.audit/normalize.ts';
import { REDACTED } from '../../../../shared/sources/redacted.ts';
import { row } from './rows.ts';

const secret = 'mast-5f1c9d0e8b7a';
const token = `ghp_${'a1B2'.repeat(9)}`;
const mapped = (fields: JsonObject, action = 'hook.config_changed') => normalize(row(action, fields))[0];

describe('secrets', () => {
  test.each<[string, JsonObject]>([
    ['of a webhook', { config: { secret, url: 'https://hooks.example.com' }, config_was: { secret } }],
    ['in the URL of a webhook', { config: { url: `https://ada:${secret}@hooks.example.com/x` } }],
    [
      'in a query',
      { query_string: `per_page=1&access_token=${secret}&page=2`, url_path: `/x?client_secret=${secret}` },
    ],
    ['in the body of a request', { request_body: JSON.stringify({ login: 'ada', password: `${secret}"\\` }) }],
    ['in the body of a SCIM request', { api_request_body: `{"userName": "ada", "password" : "${secret}"}` }],
    ['under other names', { data: { list: [{ client_secret: secret, private_key: secret }] } }],
    ['that are GitHub tokens', { pull_request_title: `use ${token} here`, explanation: token }],
  ])('%s are not kept', (_, fields) => {
    const event = mapped(fields);
    expect(event?.redacted).toBe(true);
    expect(JSON.stringify(event)).not.toMatch(/mast-5f1c9d0e8b7a|ghp_a1B2/);
    expect(JSON.stringify(event)).toContain('redacted');
  });

  test('leave what is around them', () => {
    expect(
      mapped({ config: { secret, insecure_ssl: '0', url: `https://a:${secret}@b.example.com/?x=1` } })?.raw,
    ).toMatchObject({
      config: { secret: REDACTED, insecure_ssl: '0', url: 'https://a:[redacted%20by%20Annals]@b.example.com/?x=1' },
    });
    expect(mapped({ query_string: `a=1&token=${secret}&b=2` })?.raw['query_string']).toBe(
      'a=1&token=[redacted%20by%20Annals]&b=2',
    );
  });

  test.each<[string, JsonObject]>([
    ['GitHub masked', { config: { secret: '********', url: 'https://hooks.example.com/x?y=1' } }],
    ['are empty or no text', { config: { secret: '', password: null }, secret: 7 }],
    ['are only called so', { key: 'DEPLOY_SECRET', secrets_passed: ['DEPLOY_TOKEN'], secret_type: 'mast_token' }],
    ['are hashes, ids and scopes', { hashed_token: 'q1l1c7kN0y8d5m2s=', token_id: 1, token_scopes: 'repo' }],
  ])('that %s leave the row as it came', (_, fields) => {
    const raw = row('hook.create', fields);
    const [event] = normalize(raw);
    expect(event?.raw).toBe(raw);
    expect(event?.redacted).toBe(false);
  });

  test('redacted once stay so', () => {
    const once = mapped({
      config: { secret, url: `https://a:${secret}@b.example.com` },
      query_string: `token=${secret}`,
    });
    const [twice] = normalize(once?.raw ?? {});
    expect(twice?.raw).toEqual(once?.raw);
  });

  test('are found wherever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), (path) => {
        const buried = path.reduceRight<Json>((inner, key) => ({ [key]: [inner] }), {
          secret,
          url: `x://y:${secret}@z`,
        });
        expect(JSON.stringify(mapped({ data: buried }))).not.toContain(secret);
      }),
    );
  });

  test('beyond reason are replaced unseen', () => {
    let buried: Json = { secret };
    for (let depth = 0; depth < 50_000; depth += 1) buried = [buried];
    const event = mapped({ data: buried });
    expect(event?.redacted).toBe(true);
    expect(JSON.stringify(event)).not.toContain(secret);
  });
});
