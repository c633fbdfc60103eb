import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../app/session.ts';
import { VendorText } from '../ui/data.tsx';
import { CheckIcon, WarningIcon } from '../ui/icons.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import type { ConnectionTest, StreamTest } from './types.ts';
import { pathOf } from './use-sources.ts';

/** A vendor's clock may be off by so much without harm. */
const SKEW_NOTED_S = 60;

export interface Test {
  readonly isRunning: boolean;
  readonly result: ConnectionTest | undefined;
  readonly error: unknown;
  readonly run: () => void;
}

/** Has the vendor asked for one event of each stream. */
export function useTest(connection: string, onDone: () => void): Test {
  const [state, setState] = useState<Omit<Test, 'run'>>({ isRunning: false, result: undefined, error: undefined });
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const run = async () => {
    setState({ isRunning: true, result: undefined, error: undefined });
    const { signal } = stop.current;
    try {
      const result = await api.ask<ConnectionTest>(`${pathOf(connection)}/test`, { method: 'POST', signal });
      setState({ isRunning: false, result, error: undefined });
    } catch (error) {
      if (signal.aborted) return;
      setState({ isRunning: false, result: undefined, error });
    }
    onDone();
  };
  return { ...state, run: () => void run() };
}

/** What came of the test, in words. */
export function TestResult({ test: { result, error, run } }: { readonly test: Test }) {
  return (
    <div role="status">
      {error !== undefined && <ErrorNote error={error} onRetry={run} />}
      {result && (
        <div class={`test ${result.ok ? 'good' : 'failure'}`}>
          <h2>{result.ok ? 'The vendor answers, and lets the log be read' : 'The test failed'}</h2>
          <ul>
            {result.streams.map((stream) => (
              <StreamLine key={stream.stream} test={stream} />
            ))}
          </ul>
          {Math.abs(result.skewSeconds) > SKEW_NOTED_S && (
            <p class="small muted">
              The vendor’s clock is {Math.abs(result.skewSeconds)} seconds {result.skewSeconds > 0 ? 'ahead' : 'behind'}
              .
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function StreamLine({ test: { stream, ok, newest, code, message, advice } }: { readonly test: StreamTest }) {
  return (
    <li>
      <span class="test-icon">{ok ? <CheckIcon /> : <WarningIcon />}</span>
      <div>
        <p>
          <span class="mono">{stream}</span>{' '}
          {!ok ? (
            (advice ?? 'The vendor did not give an event.')
          ) : newest === undefined ? (
            'works; nothing happened in the last day'
          ) : (
            <>
              works; the newest event is from <Time at={newest} />
            </>
          )}
        </p>
        {message !== undefined && (
          <p class="small muted said">
            <VendorText text={message} /> {code !== undefined && <code>{code}</code>}
          </p>
        )}
      </div>
    </li>
  );
}
