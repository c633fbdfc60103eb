import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InvokeResult } from '../../../infra/local/lambda.ts';
import { parseExpression } from '../../../infra/local/scheduler/expression.ts';
import { startScheduler } from '../../../infra/local/scheduler.ts';
import { TemplateError } from '../../../infra/local/template/error.ts';
import type { LocalSchedule } from '../../../infra/local/template/functions.ts';
import { createPrincipal } from '../../../infra/local/template/policies.ts';
import { writeFunction } from './template-support.ts';

/** The first times from an instant on at which an expression is due. */
function due(expression: string, from: string, count: number): (string | undefined)[] {
  const next = parseExpression(expression);
  const times: (string | undefined)[] = [];
  let after: number | undefined = Date.parse(from) - 1;
  while (times.length < count && after !== undefined) {
    after = next(after);
    times.push(after === undefined ? undefined : new Date(after).toISOString());
  }
  return times;
}

describe('expressions', () => {
  it.each([
    ['rate(1 minute)', '2026-01-01T00:00:30Z', ['2026-01-01T00:01:00.000Z', '2026-01-01T00:02:00.000Z']],
    ['rate(6 hours)', '2026-01-01T05:00:00Z', ['2026-01-01T06:00:00.000Z', '2026-01-01T12:00:00.000Z']],
    ['at(2026-02-03T04:05:06)', '2026-01-01T00:00:00Z', ['2026-02-03T04:05:06.000Z', undefined]],
    ['cron(15 10 * * ? *)', '2026-01-01T10:16:00Z', ['2026-01-02T10:15:00.000Z']],
    ['cron(0/20 8-9 ? * MON-FRI *)', '2026-01-03T00:00:00Z', ['2026-01-05T08:00:00.000Z', '2026-01-05T08:20:00.000Z']],
    ['cron(0 1 L * ? *)', '2028-02-01T00:00:00Z', ['2028-02-29T01:00:00.000Z', '2028-03-31T01:00:00.000Z']],
    ['cron(0 0 ? * 6L *)', '2026-01-01T00:00:00Z', ['2026-01-30T00:00:00.000Z']],
    ['cron(0 0 ? * L *)', '2026-01-01T00:00:00Z', ['2026-01-03T00:00:00.000Z']],
    ['cron(0 0 ? * TUE#2 *)', '2026-01-01T00:00:00Z', ['2026-01-13T00:00:00.000Z']],
    // 1 August 2026 is a Saturday, 31 May 2026 a Sunday, 15 March 2026 a Sunday.
    ['cron(0 0 1W 8 ? 2026)', '2026-01-01T00:00:00Z', ['2026-08-03T00:00:00.000Z', undefined]],
    ['cron(0 0 31W 5 ? 2026)', '2026-01-01T00:00:00Z', ['2026-05-29T00:00:00.000Z']],
    ['cron(0 0 15W 3 ? 2026)', '2026-01-01T00:00:00Z', ['2026-03-16T00:00:00.000Z']],
    [
      'cron(0 0 1,15 JAN,JUL ? 2027-2028)',
      '2026-01-01T00:00:00Z',
      ['2027-01-01T00:00:00.000Z', '2027-01-15T00:00:00.000Z', '2027-07-01T00:00:00.000Z'],
    ],
    ['cron(0 0 30 2 ? *)', '2026-01-01T00:00:00Z', [undefined]],
  ])('%s from %s', (expression, from, expected) => {
    expect(due(expression, from, expected.length)).toEqual(expected);
  });

  it.each([
    'rate(0 minutes)',
    'rate(5 seconds)',
    'rate(5)',
    'at(tomorrow)',
    'at(2026-02-03T04:05:06Z)',
    'cron(0 0 * * *)',
    'cron(0 0 * * * *)',
    'cron(0 0 ? * ? *)',
    'cron(60 0 * * ? *)',
    'cron(0 0 ? * FRI-MON *)',
    'cron(*/0 0 * * ? *)',
    'cron(0 0 0W * ? *)',
    'cron(0 0 ? * MON#6 *)',
    'every minute',
  ])('refuses %s', (expression) => {
    expect(() => parseExpression(expression)).toThrow(TemplateError);
  });

  it('either parses or refuses any text', () => {
    const field = fc.stringMatching(/^[0-9*?,/#LW-]{1,6}$/);
    const text = fc.oneof(
      fc.string(),
      fc.tuple(field, field, field, field, field, field).map((fields) => `cron(${fields.join(' ')})`),
    );
    fc.assert(
      fc.property(text, (expression) => {
        try {
          parseExpression(expression);
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
    );
  });

  it('finds the first minute that fits, and misses none', () => {
    const set = (min: number, max: number) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 });
    const from = fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 });
    fc.assert(
      fc.property(set(0, 59), set(0, 23), set(1, 7), from, (minutes, hours, days, minute) => {
        const next = parseExpression(`cron(${minutes} ${hours} ? * ${days} *)`);
        let expected = minute + 1;
        const fits = (at: Date) =>
          minutes.includes(at.getUTCMinutes()) && hours.includes(at.getUTCHours()) && days.includes(at.getUTCDay() + 1);
        while (!fits(new Date(expected * 60_000))) expected++;
        expect(next(minute * 60_000)).toBe(expected * 60_000);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the scheduler', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:30Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const target = writeFunction('');
  const allowed = createPrincipal('SchedulerRole', [
    { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [target.arn] },
  ]);
  const schedule = (given: Partial<LocalSchedule> = {}): LocalSchedule => ({
    id: 'Tick',
    arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/tick',
    expression: 'rate(1 minute)',
    functionId: 'Test',
    role: allowed,
    ...given,
  });
  function start(given: Partial<LocalSchedule> = {}, result: InvokeResult = { payload: null }, clock = true) {
    const events: unknown[] = [];
    const warnings: string[] = [];
    const scheduler = startScheduler({
      schedules: [schedule(given)],
      functions: [target],
      invoke: async (_id, event) => {
        events.push(event);
        return result;
      },
      onWarning: (text) => warnings.push(text),
      clock,
    });
    return { events, warnings, scheduler };
  }

  it('invokes at each time that is due, with the scheduled time in the input', async () => {
    const { events, scheduler } = start({
      input: '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}',
    });
    await vi.advanceTimersByTimeAsync(91_000);
    const by = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/tick';
    expect(events).toEqual([
      { at: '2026-01-01T00:01:00Z', by },
      { at: '2026-01-01T00:02:00Z', by },
    ]);
    scheduler.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(events).toHaveLength(2);
  });

  it('waits for times that are further away than a timer reaches', async () => {
    const { events, scheduler } = start({ expression: 'at(2026-03-01T00:00:00)' });
    await vi.advanceTimersByTimeAsync(Date.parse('2026-02-28T23:59:59Z') - Date.now());
    expect(events).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events).toEqual([expect.objectContaining({ source: 'aws.scheduler', time: '2026-03-01T00:00:00Z' })]);
    await vi.advanceTimersByTimeAsync(60 * 86_400_000);
    expect(events).toHaveLength(1);
    scheduler.close();
  });

  it('invokes nothing that the role of the schedule may not, and says so', async () => {
    const { events, warnings, scheduler } = start({ role: createPrincipal('SchedulerRole', []) });
    await vi.advanceTimersByTimeAsync(31_000);
    expect(events).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/schedule Tick may not invoke Test: its role lacks lambda:InvokeFunction/),
    ]);
    scheduler.close();
  });

  it('reports an invocation that fails, and goes on', async () => {
    const { events, warnings, scheduler } = start({}, { error: { errorType: 'Error', errorMessage: 'broken' } });
    await vi.advanceTimersByTimeAsync(91_000);
    expect(events).toHaveLength(2);
    expect(warnings[0]).toBe('schedule Tick: Test failed: Error: broken');
    scheduler.close();
  });

  it('runs the schedules of a function at once when asked, with its clock or without', async () => {
    for (const clock of [true, false]) {
      const { events, scheduler } = start({}, { payload: null }, clock);
      await scheduler.runNow('Test');
      expect(events).toEqual([expect.objectContaining({ source: 'aws.scheduler', resources: [schedule().arn] })]);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(events).toHaveLength(clock ? 2 : 1);
      await expect(scheduler.runNow('Other')).rejects.toThrow(/no schedule for Other/);
      scheduler.close();
    }
  });

  it('runs none that the role may not, when asked either', async () => {
    const { events, warnings, scheduler } = start({ role: createPrincipal('SchedulerRole', []) });
    await scheduler.runNow('Test');
    expect([events, warnings]).toEqual([[], [expect.stringContaining('lacks lambda:InvokeFunction')]]);
    scheduler.close();
  });

  it('refuses an input that is not JSON when it starts', () => {
    expect(() => start({ input: 'no' })).toThrow(/input of schedule Tick is not JSON/);
  });
});
