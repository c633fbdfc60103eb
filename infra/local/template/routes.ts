import { z } from 'zod';
import type { RouteDefinition } from '../types.ts';
import { TemplateError } from './error.ts';
import type { Resources } from './resources.ts';
import { ignored, parseProperties } from './source.ts';

/** A route of the HTTP API, with the time that API Gateway waits for the function. */
export interface LocalRoute extends RouteDefinition {
  readonly timeoutMs: number;
}

// Strict, so that an authorizer, CORS or a request mapping is never silently left out.
const ApiProperties = z.strictObject({
  ProtocolType: z.literal('HTTP'),
  Name: ignored,
  Description: ignored,
  DisableExecuteApiEndpoint: ignored,
  Tags: ignored,
});
const StageProperties = z.strictObject({
  StageName: z.literal('$default'),
  ApiId: z.string(),
  AutoDeploy: z.literal(true),
  AccessLogSettings: ignored,
  DefaultRouteSettings: ignored,
  RouteSettings: ignored,
  Description: ignored,
  Tags: ignored,
});
const RouteProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string().regex(/^(\$default|[A-Z]+ \/\S*)$/),
  Target: z.string().regex(/^integrations\/.+/),
  AuthorizationType: z.literal('NONE').optional(),
});
const IntegrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().default(30_000),
  Description: ignored,
  IntegrationMethod: ignored,
});

/**
 * The routes of the template's HTTP API and the API's id.
 *
 * @throws TemplateError for more than one API, or anything about it that is not known here.
 */
export function readRoutes(resources: Resources): { apiId: string; routes: LocalRoute[] } {
  const apis = resources.of('AWS::ApiGatewayV2::Api');
  if (apis.length > 1) throw new TemplateError('a template with more than one HTTP API can not be run locally');
  for (const api of apis) parseProperties(ApiProperties, api);
  for (const stage of resources.of('AWS::ApiGatewayV2::Stage')) parseProperties(StageProperties, stage);
  const routes = resources.of('AWS::ApiGatewayV2::Route').map((resource) => {
    const { RouteKey, Target } = parseProperties(RouteProperties, resource);
    const asked = `route ${RouteKey}`;
    const integration = resources.find(Target.slice('integrations/'.length), asked, 'AWS::ApiGatewayV2::Integration');
    const { IntegrationUri, TimeoutInMillis } = parseProperties(IntegrationProperties, integration);
    const functionId = resources.find(IntegrationUri, asked, 'AWS::Lambda::Function').id;
    return { routeKey: RouteKey, functionId, timeoutMs: TimeoutInMillis };
  });
  return { apiId: apis[0]?.identity.ref ?? '', routes };
}
