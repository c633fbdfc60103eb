import type { AlarmSpec } from './alarms.ts';
import { ownMetric, total, type Watched } from './metrics.ts';

/** Exports that somebody waits for in vain. */
export function exportAlarms({ settings, exporting }: Watched): AlarmSpec[] {
  return [
    {
      name: 'ExportFailed',
      meaning: 'An export was given up',
      metric: ownMetric(settings, 'ExportsFailed'),
      atLeast: 1,
      periods: 1,
    },
    {
      name: 'ExportErrors',
      meaning: 'The function that makes exports crashes or times out',
      metric: exporting.export.handler.metricErrors(total),
      atLeast: 1,
      periods: 3,
    },
  ];
}
