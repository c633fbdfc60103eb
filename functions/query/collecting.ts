import { intervalsOf } from '../../shared/polling/intervals.ts';
import { backfillsOf } from '../../shared/polling/progress.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { findPolled } from '../http/connection.ts';
import { jobs } from '../services.ts';

/** `GET /v1/connections/{id}/intervals`: what was collected in full, and when, and each known gap with its reason. */
export async function intervals(request: ApiRequest): Promise<Answer> {
  const { connection, collector } = await findPolled(request);
  const body = intervalsOf(connection, collector.streams, await jobs().list(connection.id), request.now);
  return { status: 200, body };
}

/** `GET /v1/connections/{id}/backfills`: how far each backfill is. */
export async function backfills(request: ApiRequest): Promise<Answer> {
  const { connection } = await findPolled(request);
  const body = { backfills: backfillsOf(connection, await jobs().list(connection.id), request.now) };
  return { status: 200, body };
}
