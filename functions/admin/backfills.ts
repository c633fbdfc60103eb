import { incarnationOf } from '../../shared/control/connections.ts';
import { ConflictError, NotFoundError } from '../../shared/errors.ts';
import { BackfillRequest, backfillJobs, notKept } from '../../shared/polling/backfill.ts';
import { jobKey } from '../../shared/polling/job.ts';
import { backfillsOf } from '../../shared/polling/progress.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { findPolled } from '../http/connection.ts';
import { readInput, record } from '../http/input.ts';
import { connections, jobs } from '../services.ts';
import { targetOf } from './connection-acts.ts';

/** The dispatcher reads all jobs every minute. */
const MOST_UNFINISHED = 100;

/**
 * `POST /v1/connections/{id}/backfill`: has a range collected beside the live poll. A range that was asked for before goes on
 * as it is.
 */
export async function create(request: ApiRequest): Promise<Answer> {
  const { connection, collector } = await findPolled(request);
  const input = readInput(request, BackfillRequest);
  const wanted = backfillJobs(connection, collector.streams, input, request.now);
  const keys = new Set(wanted.map(jobKey));
  const before = await jobs().list(connection.id);
  const others = before.filter((job) => job.lane === 'backfill' && job.dueAt !== undefined && !keys.has(jobKey(job)));
  if (others.length + wanted.length > MOST_UNFINISHED) {
    throw new ConflictError(
      `${others.length} backfills of this connection are not finished: let some come to their end`,
    );
  }
  await record(request, {
    action: 'connection.backfill',
    target: targetOf(connection),
    changes: [
      { attribute: 'from', new: input.from },
      { attribute: 'to', new: input.to },
      { attribute: 'streams', new: wanted.map(({ stream }) => stream).join(' ') },
    ],
  });
  for (const job of wanted) await jobs().create(job);
  const now = await connections().get(connection.tenant, connection.name);
  if (!now || incarnationOf(now) !== incarnationOf(connection)) {
    for (const job of wanted) await jobs().delete(job);
    throw new NotFoundError('the connection was deleted meanwhile');
  }
  const made = (await jobs().list(connection.id)).filter((job) => keys.has(jobKey(job)));
  const notes = notKept(collector.streams, wanted, request.now);
  return { status: 202, body: { backfills: backfillsOf(now, made, request.now), notes } };
}
