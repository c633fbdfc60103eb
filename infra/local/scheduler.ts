import { randomUUID } from 'node:crypto';
import { isAllowed } from './aws/iam.ts';
import type { InvokeResult } from './lambda.ts';
import { type NextTime, parseExpression } from './scheduler/expression.ts';
import { TemplateError } from './template/error.ts';
import type { LocalFunction, LocalSchedule } from './template/functions.ts';

/** setTimeout's limit is 24.8 days; a shorter nap also notices a changed clock. */
const LONGEST_NAP_MS = 3_600_000;

/**
 * Invokes functions on the template's schedules, as EventBridge Scheduler does, if the schedule's role may. An
 * invocation does not wait for the one before. What was due while nothing ran is not made up for, and a failed
 * invocation is reported to `onWarning`; `invoke` is who repeats it.
 *
 * `clock: false` starts nothing by itself, and leaves it all to `runNow`.
 *
 * @throws TemplateError for an expression that is not known, or an input that is not JSON.
 */
export function startScheduler(options: {
  schedules: readonly LocalSchedule[];
  functions: readonly LocalFunction[];
  invoke: (functionId: string, event: unknown) => Promise<InvokeResult>;
  onWarning?: (message: string) => void;
  /** @default true */
  clock?: boolean;
}): {
  /**
   * Runs the schedules of a function now, as if they were due; resolves when its invocation ends.
   *
   * @throws RangeError when no schedule invokes it.
   */
  runNow(functionId: string): Promise<void>;
  close(): void;
} {
  const { invoke, onWarning = () => {}, clock = true } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const planned = options.schedules.map((schedule) => {
    inputOf(schedule, 0);
    return { schedule, next: parseExpression(schedule.expression) };
  });
  const arns = new Map(options.functions.map(({ id, arn }) => [id, arn]));

  function plan(schedule: LocalSchedule, next: NextTime): void {
    const due = next(Date.now());
    if (due === undefined) return;
    const nap = () => {
      const rest = due - Date.now();
      timers.set(schedule.id, setTimeout(rest > 0 ? nap : fire, Math.min(Math.max(rest, 0), LONGEST_NAP_MS)));
    };
    const fire = () => {
      plan(schedule, next);
      void run(schedule, due);
    };
    nap();
  }

  async function run(schedule: LocalSchedule, due: number): Promise<void> {
    const { id, functionId, role } = schedule;
    const resource = arns.get(functionId) ?? '';
    if (!isAllowed(role.statements, { action: 'lambda:InvokeFunction', resource })) {
      onWarning(`schedule ${id} may not invoke ${functionId}: its role lacks lambda:InvokeFunction`);
      return;
    }
    const result = await invoke(functionId, inputOf(schedule, due));
    if ('error' in result)
      onWarning(`schedule ${id}: ${functionId} failed: ${result.error.errorType}: ${result.error.errorMessage}`);
  }

  if (clock) for (const { schedule, next } of planned) plan(schedule, next);
  return {
    async runNow(functionId) {
      const own = options.schedules.filter((schedule) => schedule.functionId === functionId);
      if (own.length === 0) throw new RangeError(`there is no schedule for ${functionId}`);
      await Promise.all(own.map((schedule) => run(schedule, Math.floor(Date.now() / 1_000) * 1_000)));
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function inputOf({ id, arn, input }: LocalSchedule, due: number): unknown {
  const time = new Date(due).toISOString().replace('.000', '');
  if (input === undefined)
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      time,
      resources: [arn],
      detail: '{}',
    };
  const attributes: Readonly<Record<string, string>> = {
    'schedule-arn': arn,
    'scheduled-time': time,
    'execution-id': randomUUID(),
    'attempt-number': '1',
  };
  const text = input.replace(/<aws\.scheduler\.([\w-]+)>/g, (all, name: string) => attributes[name] ?? all);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TemplateError(`the input of schedule ${id} is not JSON: ${input}`, { cause });
  }
}
