import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { Ailment } from '../shared/polling/health.ts';

/** Structured logs. Never give it a request's headers or body: they hold keys and signatures. */
export const logger = new Logger();

/** Metrics in CloudWatch's embedded format; the namespace and service come from the function's environment. */
export const metrics = new Metrics();

export type Count =
  | 'EventsStored'
  | 'EventsPresent'
  | 'EventsConflicting'
  | 'EventsRejected'
  | 'RequestsRefused'
  | 'StoreUnavailable'
  | 'EventsDelivered'
  | 'DeliveryFailed'
  | 'PollsCaughtUp'
  | 'PollsFailed'
  | 'PollsThrottled'
  | 'LateBeyondLag'
  | 'TasksStarted'
  | 'FilesVerified'
  | 'EventsSealed'
  | 'SealUnreadable'
  | 'ExportsFailed';

/** What is measured, not counted. */
export type Gauge =
  | Ailment
  | 'VerifyFindings'
  | 'ReconcileMissing'
  | 'ReconcileUnknown'
  | 'SealOverdueHours'
  | 'HoldsOverdueHours'
  | 'LocksShort';

/** Writes what was counted when an invocation ends, however it ends. Nothing counted is nothing written. */
export function publishMetrics(): MiddlewareObj {
  const publish = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: publish, onError: publish };
}

/** Counts declared fields of a source that had another type, one metric for each field. */
export function countDrift(source: string, drift: ReadonlyMap<string, number>): void {
  for (const [field, times] of drift) {
    countOf('FieldDrift', { source, field }, times);
    logger.warn('a vendor field has another type than declared', { source, field, times });
  }
}

/** Counts events that fit no type, one metric for each source; the log names their actions. */
export function countUnmapped(source: string, actions: readonly string[]): void {
  if (actions.length === 0) return;
  countOf('EventsUnmapped', { source }, actions.length);
  logger.info('events without a type', { source, actions: [...new Set(actions)].slice(0, 20) });
}

/** Adds to a counter; zero is not written. */
export function count(name: Count, by = 1): void {
  if (by > 0) metrics.addMetric(name, MetricUnit.Count, by);
}

/** Writes how many there are now; zero too, so that an alarm can tell that nothing is wrong from nobody looking. */
export function gauge(name: Gauge, value: number): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/** Dimensions are of all that is written together, so a metric that has its own is written by itself. */
function countOf(name: string, dimensions: Record<string, string>, by: number): void {
  const single = metrics.singleMetric();
  single.addDimensions(dimensions);
  single.addMetric(name, MetricUnit.Count, by);
}
