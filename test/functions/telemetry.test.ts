import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const SERVICE = 'annals-test';

/** The metrics written, each with its dimensions; EMF documents are lines of JSON among the log's. */
async function written(use: (telemetry: typeof import('../../functions/telemetry.ts')) => void): Promise<unknown[]> {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    use(await import('../../functions/telemetry.ts'));
  } finally {
    vi.mocked(process.stdout.write).mockRestore();
  }
  return lines
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .flatMap(({ _aws, ...values }) =>
      (_aws?.CloudWatchMetrics ?? []).map(
        ({
          Namespace,
          Dimensions,
          Metrics,
        }: {
          Namespace: string;
          Dimensions: string[][];
          Metrics: { Name: string }[];
        }) => [
          Namespace,
          Dimensions.map((names) => Object.fromEntries(names.map((name) => [name, values[name]]))),
          Object.fromEntries(Metrics.map(({ Name }) => [Name, values[Name]])),
        ],
      ),
    );
}

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', SERVICE);
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Annals');
});
afterEach(() => vi.unstubAllEnvs());

it('counts events without a type for each source, beside the metrics of all', async () => {
  const metrics = await written(({ count, countUnmapped, publishMetrics }) => {
    count('EventsStored', 3);
    countUnmapped('duo.admin', ['strange', 'stranger']);
    countUnmapped('github.audit', ['odd']);
    countUnmapped('box.admin_logs', []);
    publishMetrics().after?.({} as never);
  });
  expect(metrics).toEqual([
    ['Annals', [{ service: SERVICE, source: 'duo.admin' }], { EventsUnmapped: 2 }],
    ['Annals', [{ service: SERVICE, source: 'github.audit' }], { EventsUnmapped: 1 }],
    ['Annals', [{ service: SERVICE }], { EventsStored: 3 }],
  ]);
});

it('counts a field of another type for each source and field', async () => {
  const drift = new Map([
    ['actor.id', 2],
    ['ip', 1],
  ]);
  expect(await written(({ countDrift }) => countDrift('duo.admin', drift))).toEqual([
    ['Annals', [{ service: SERVICE, source: 'duo.admin', field: 'actor.id' }], { FieldDrift: 2 }],
    ['Annals', [{ service: SERVICE, source: 'duo.admin', field: 'ip' }], { FieldDrift: 1 }],
  ]);
});
