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

/** Adds to a counter; zero is not written. */
export function count(name: Count, by = 1): void {
  if (by > 0) metrics.addMetric(name, MetricUnit.Count, by);
}
