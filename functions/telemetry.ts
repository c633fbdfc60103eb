import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

/** Structured logs. Never give it a request's headers or body: they hold keys and signatures. */
export const logger = new Logger();

/** Metrics in CloudWatch's embedded format; the namespace and service come from the function's environment. */
export const metrics = new Metrics();

export type Count =
  | 'EventsStored'
  | 'EventsPresent'
  | 'EventsConflicting'
  | 'EventsUnmapped'
  | 'EventsRejected'
  | 'RequestsRefused'
  | 'StoreUnavailable'
  | 'EventsDelivered'
  | 'DeliveryFailed';

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
    const single = metrics.singleMetric();
    single.addDimensions({ source, field });
    single.addMetric('FieldDrift', MetricUnit.Count, times);
    logger.warn('a vendor field has another type than declared', { source, field, times });
  }
}

/** Counts events that fit no type; the log names their actions. */
export function countUnmapped(source: string, actions: readonly string[]): void {
  count('EventsUnmapped', actions.length);
  if (actions.length > 0) logger.info('events without a type', { source, actions: [...new Set(actions)].slice(0, 20) });
}

/** Adds to a counter; zero is not written. */
export function count(name: Count, by = 1): void {
  if (by > 0) metrics.addMetric(name, MetricUnit.Count, by);
}
