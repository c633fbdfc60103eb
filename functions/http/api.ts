import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { KeyRecord, Scope } from '../../shared/control/keys.ts';
import { StoreUnavailableError } from '../../shared/errors.ts';
import type { TimeLeft } from '../../shared/retry.ts';
import { count, logger, publishMetrics } from '../telemetry.ts';
import { type Answer, HttpError, problemOf, toResult } from './answer.ts';
import { authorize } from './authorize.ts';

/** A request at one of the routes, its caller known. */
export interface ApiRequest {
  readonly event: APIGatewayProxyEventV2;
  readonly key: KeyRecord;
  readonly now: Date;
  /** Until the answer has to be on its way. */
  readonly timeLeft: TimeLeft;
}

/** A request at a route that asks for no key. */
export type OpenRequest = Omit<ApiRequest, 'key'>;

/** A route with a scope asks for an API key that has it, or one of several; one with `null` proves its callers itself. */
export type Route =
  | { readonly scope: Scope | readonly Scope[]; handle(request: ApiRequest): Promise<Answer> }
  | { readonly scope: null; handle(request: OpenRequest): Promise<Answer> };

/** What a call that is under way when time runs out may still take, the SDK's own repeats included, and the answer. */
const ANSWERING_MS = 4_000;

/**
 * A Lambda handler for routes of the HTTP API, by route key (`POST /v1/events`). Errors become problem documents, every
 * answer carries the request id, and refused callers are written down.
 */
export function apiHandler(routes: Readonly<Record<string, Route>>) {
  const handle = async (
    event: APIGatewayProxyEventV2,
    context: Context,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const { requestId } = event.requestContext;
    const answer = await answerTo(event, context, routes).catch((error: unknown) => {
      const problem = problemOf(error, requestId);
      if (error instanceof StoreUnavailableError) count('StoreUnavailable');
      if (problem.status >= 500) logger.error('request failed', { error: error as Error, requestId });
      return problem;
    });
    return toResult(answer, requestId, event.headers['accept-encoding']);
  };
  return middy(handle)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(publishMetrics());
}

async function answerTo(
  event: APIGatewayProxyEventV2,
  context: Context,
  routes: Readonly<Record<string, Route>>,
): Promise<Answer> {
  const route = Object.hasOwn(routes, event.routeKey) ? routes[event.routeKey] : undefined;
  if (!route) throw new HttpError(404, 'not_found', `there is no ${event.requestContext.http.method} ${event.rawPath}`);
  const request = {
    event,
    now: new Date(),
    timeLeft: () => context.getRemainingTimeInMillis() - ANSWERING_MS,
  };
  if (route.scope === null) return route.handle(request);
  return route.handle({ ...request, key: await authorize(request, route.scope) });
}
