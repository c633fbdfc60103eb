import { AnnalsError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { mapLimited } from '../retry.ts';
import { sourceNamed } from '../sources/registry.ts';
import { adviceFor } from './advice.ts';
import { CredentialError } from './errors.ts';
import type { Polled } from './polled.ts';
import type { MeasuredVendor, Stream } from './poller.ts';
import type { ConnectionTest, StreamTest } from './test-result.ts';
import { floor } from './window.ts';

/** All streams are asked, but not all at once. */
const AT_ONCE = 5;
/** API Gateway waits 29 seconds for the whole. */
const TEST_MS = 20_000;
const WINDOW_SECONDS = 86_400;
/** A vendor's clock that is off by more than this may be why it refuses. */
const SKEW_NOTED_SECONDS = 30;
const MAX_MESSAGE = 500;

/** The vendor has not answered in the time that a test may take. */
class NoAnswerError extends AnnalsError {
  readonly code = 'no_answer';
}

/** Asks the vendor for one event of each stream, and says in plain words what is wrong. Nothing is stored. */
export async function testConnection(
  polled: Polled,
  vendor: MeasuredVendor,
  limitMs = TEST_MS,
): Promise<ConnectionTest> {
  const { streams } = polled.collector;
  const deadline = deadlineAfter(limitMs);
  try {
    const results = await mapLimited(streams, AT_ONCE, (stream) => testStream(stream, polled, vendor, deadline.passed));
    const skewSeconds = Math.round(vendor.skewMs / 1_000);
    return {
      ok: results.every(({ ok }) => ok),
      streams: results.map((result) => withSkew(result, skewSeconds)),
      skewSeconds,
    };
  } finally {
    deadline.clear();
  }
}

async function testStream(
  stream: Stream,
  polled: Polled,
  vendor: MeasuredVendor,
  passed: Promise<never>,
): Promise<StreamTest> {
  const { name } = stream;
  try {
    const events = await Promise.race([readSome(stream, polled, vendor), passed]);
    const newest = newestOf(events, polled);
    if (events.length > 0) return { stream: name, ok: true, events: events.length, ...(newest && { newest }) };
    const advice =
      'The vendor answers, and has no event of the last day. If something happened there, check that the log is switched on.';
    return { stream: name, ok: true, events: 0, advice };
  } catch (error) {
    return { stream: name, ok: false, events: 0, ...described(error, polled) };
  }
}

/** The first answer tells the vendor's clock; a request that was wrong for its time only is good the second time. */
async function readSome(stream: Stream, polled: Polled, vendor: MeasuredVendor): Promise<readonly JsonObject[]> {
  const skewMs = vendor.skewMs;
  try {
    return await readPage(stream, polled, vendor);
  } catch (error) {
    if (vendor.skewMs === skewMs) throw error;
    return readPage(stream, polled, vendor);
  }
}

async function readPage(stream: Stream, { collector }: Polled, vendor: MeasuredVendor): Promise<readonly JsonObject[]> {
  const { name, settleSeconds, windowSeconds, keepsSeconds = WINDOW_SECONDS } = stream;
  const to = floor(vendor.now().getTime() - settleSeconds * 1_000);
  const seconds = Math.floor(Math.min(WINDOW_SECONDS, windowSeconds, keepsSeconds / 2));
  const from = new Date(to - seconds * 1_000);
  const page = await collector.page({ stream: name, from, to: new Date(to), limit: 1, done: new Set() }, vendor);
  return page.events;
}

function newestOf(events: readonly JsonObject[], { connection }: Polled): string | undefined {
  const source = sourceNamed(connection.source);
  const times = events
    .flatMap((event) => source?.normalize(event) ?? [])
    .map(({ time }) => Date.parse(time ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString();
}

function described(error: unknown, { collector, poller }: Polled): Pick<StreamTest, 'code' | 'message' | 'advice'> {
  const code = error instanceof AnnalsError ? error.code : 'internal';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
  const advice =
    collector.explain?.(error) ??
    (error instanceof NoAnswerError
      ? 'Check the address in "settings", and that nothing between Annals and the vendor drops requests.'
      : adviceFor(code));
  const wanted =
    error instanceof CredentialError
      ? Object.entries(poller.secrets).map(([name, { description }]) => `"${name}": ${description}`)
      : [];
  const words = [advice, ...(wanted.length > 0 ? [`Its secrets: ${wanted.join(' ')}`] : [])].filter(Boolean).join(' ');
  return { code, message, ...(words !== '' && { advice: words }) };
}

function withSkew(result: StreamTest, skewSeconds: number): StreamTest {
  if (Math.abs(skewSeconds) < SKEW_NOTED_SECONDS) return result;
  const side = skewSeconds > 0 ? 'ahead of' : 'behind';
  const note = `The vendor's clock is ${Math.abs(skewSeconds)} seconds ${side} Annals'. ${
    result.ok
      ? 'Polling reckons with that.'
      : 'Vendors refuse what is signed with a wrong time: if the server is yours, correct its clock.'
  }`;
  return { ...result, advice: result.advice === undefined ? note : `${result.advice} ${note}` };
}

function deadlineAfter(milliseconds: number): { readonly passed: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    const seconds = Math.round(milliseconds / 1_000);
    timer = setTimeout(() => reject(new NoAnswerError(`there was no answer within ${seconds} seconds`)), milliseconds);
  });
  // Nobody may be waiting for it when it passes.
  passed.catch(() => {});
  return { passed, clear: () => clearTimeout(timer) };
}
