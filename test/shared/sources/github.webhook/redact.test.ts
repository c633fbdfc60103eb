import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/github.webhook/normalize.ts';
import { REDACTED } from '../../../../shared/sources/redacted.ts';
import { inRepo, payload } from './payloads.ts';

const secret = 'mast_token_5f1c9d0e8b7a';
const alert = (more: JsonObject = {}): JsonObject => ({ number: 7, secret_type: 'mast_token', secret, ...more });
const mapped = (event: string, body: JsonObject) => normalize(payload(event, { ...inRepo, ...body }))[0];

describe('secrets that secret scanning found', () => {
  test.each(['secret_scanning_alert', 'secret_scanning_alert_location'])('are not in an event %s', (event) => {
    const event_ = mapped(event, { action: 'created', alert: alert({ state: 'open' }) });
    expect(JSON.stringify(event_)).not.toContain(secret);
    expect(event_).toMatchObject({
      redacted: true,
      raw: {
        'X-GitHub-Event': event,
        alert: { number: 7, secret_type: 'mast_token', secret: REDACTED, state: 'open' },
      },
    });
  });

  test('nor where the payload repeats them', () => {
    const event = mapped('secret_scanning_alert', {
      action: 'created',
      alert: alert({ metadata: [{ key: 'owner', value: `set ${secret} in CI` }], nested: { secret: 1234 } }),
      location: { details: { body: `see ${secret}, ${secret}` } },
    });
    expect(event?.raw).toMatchObject({
      alert: { metadata: [{ key: 'owner', value: `set ${REDACTED} in CI` }], nested: { secret: REDACTED } },
      location: { details: { body: `see ${REDACTED}, ${REDACTED}` } },
    });
  });

  test('nor in changes and targets', () => {
    const event = mapped('secret_scanning_alert', {
      action: 'edited',
      alert: alert({ title: secret }),
      changes: { title: { from: secret } },
    });
    expect(event?.facts.changes).toContainEqual({ attribute: 'title', old: REDACTED });
    expect(JSON.stringify(event?.facts)).not.toContain(secret);
  });

  test('are found by the alert when the event has another name', () => {
    expect(mapped('secret_alert_of_the_future', { alert: alert() })).toMatchObject({
      redacted: true,
      raw: { alert: { secret: REDACTED } },
    });
  });

  test('a short one is replaced, and no text that contains it by chance', () => {
    const event = mapped('secret_scanning_alert', { alert: alert({ secret: 'main', branch: 'mainland' }) });
    expect(event?.raw).toMatchObject({ alert: { secret: REDACTED, branch: 'mainland' } });
  });

  test.each<[string, Json]>([
    ['null', null],
    ['replaced already', REDACTED],
  ])('an alert whose secret is %s stays as it is', (_, value) => {
    const body = { alert: alert({ secret: value }) };
    expect(mapped('secret_scanning_alert', body)).toMatchObject({ redacted: false, raw: { alert: { secret: value } } });
  });

  test('an alert without one is the very event that came', () => {
    const raw = payload('secret_scanning_alert', { action: 'created', alert: { number: 7 } });
    expect(normalize(raw)[0]?.raw).toBe(raw);
  });

  test('are not sought in events of another kind', () => {
    const raw = payload('repository_dispatch', { action: 'refresh', client_payload: { secret: 'a word' } });
    expect(normalize(raw)[0]).toMatchObject({ redacted: false, raw });
  });

  test('never survive, wherever they are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.string(), { maxLength: 5 }),
        (noise, path) => {
          const buried = path.reduceRight<Json>((inner, key) => ({ [key]: [inner] }), { secret, note: `a ${secret}` });
          const event = mapped('secret_scanning_alert', { alert: { ...(noise as JsonObject), deep: buried } });
          expect(JSON.stringify(event)).not.toContain(secret);
          expect(event?.redacted).toBe(true);
        },
      ),
    );
  });

  test('what is nested beyond reason is replaced unseen', () => {
    let buried: Json = { secret };
    for (let depth = 0; depth < 50_000; depth += 1) buried = [buried];
    const event = mapped('secret_scanning_alert', { alert: { number: 7 }, buried });
    expect(event?.redacted).toBe(true);
    expect(JSON.stringify(event)).not.toContain(secret);
  });
});
