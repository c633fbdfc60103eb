import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  DomainName,
  HttpApi,
  HttpMethod,
  type HttpRouteIntegration,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AnnalsFunction } from './annals-function.ts';
import type { Functions } from './functions.ts';
import type { Settings } from './settings.ts';
import { serviceName } from './shared-grants.ts';

export interface ApiProps {
  readonly settings: Settings;
  readonly functions: Functions;
}

// No header, query string or path: they may hold keys and tokens. `service` is what the metric filter reads.
const accessLogFormat = (stage: string) =>
  AccessLogFormat.custom(
    JSON.stringify({
      service: serviceName(stage),
      time: '$context.requestTime',
      requestId: '$context.requestId',
      ip: '$context.identity.sourceIp',
      userAgent: '$context.identity.userAgent',
      method: '$context.httpMethod',
      routeKey: '$context.routeKey',
      status: '$context.status',
      responseLength: '$context.responseLength',
      latencyMs: '$context.responseLatency',
      integrationError: '$context.integrationErrorMessage',
      error: '$context.error.message',
    }),
  );

const integrate = (id: string, { handler }: AnnalsFunction) =>
  new HttpLambdaIntegration(id, handler, { timeout: Duration.seconds(29) });

/**
 * The HTTP API. Functions check keys and signatures themselves, as an authorizer of an HTTP API can't answer with a
 * problem document, nor see the body that a webhook's signature is over.
 */
export class Api extends Construct {
  readonly api: HttpApi;
  readonly accessLogs: LogGroup;
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, { settings, functions }: ApiProps) {
    super(scope, id);
    const { stage, domain, throttle } = settings;
    this.accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const query = integrate('Query', functions.query);
    this.api = new HttpApi(this, 'Api', {
      apiName: serviceName(stage),
      description: `Annals, stage ${stage}`,
      createDefaultStage: false,
      defaultIntegration: query,
    });
    const { GET, POST, PATCH, DELETE } = HttpMethod;
    const ingest = integrate('Ingest', functions.ingest);
    const webhook = integrate('Webhook', functions.webhook);
    const admin = integrate('Admin', functions.admin);
    const page = integrate('Page', functions.page);
    this.#route('/', page, GET);
    this.#route('/assets/{file}', page, GET);
    this.#route('/v1/events', ingest, POST);
    this.#route('/v1/webhooks/{connection}', webhook, POST);
    this.#route('/v1/webhooks/{connection}/{token}', webhook, POST);
    this.#route('/v1/events', query, GET);
    this.#route('/v1/events/{id}', query, GET);
    this.#route('/v1/events/{id}/proof', query, GET);
    this.#route('/v1/me', query, GET);
    this.#route('/v1/counts', query, GET);
    this.#route('/v1/sources', query, GET);
    this.#route('/v1/coverage', query, GET);
    this.#route('/v1/openapi.json', query, GET);
    this.#route('/v1/keys', admin, POST, GET);
    this.#route('/v1/keys/{id}', admin, DELETE);
    this.#route('/v1/holds', admin, POST, GET);
    this.#route('/v1/holds/{id}', admin, GET, DELETE);
    this.#route('/v1/connections', admin, POST, GET);
    this.#route('/v1/connections/{id}', admin, GET, PATCH, DELETE);
    this.#route('/v1/connections/{id}/test', admin, POST);
    this.#route('/v1/connections/{id}/backfill', admin, POST);
    this.#route('/v1/searches', query, GET);
    this.#route('/v1/searches', admin, POST);
    this.#route('/v1/searches/{id}', admin, PATCH, DELETE);
    this.#route('/v1/exports', query, POST, GET);
    this.#route('/v1/exports/{id}', query, GET);
    this.#route('/v1/connections/{id}/backfills', query, GET);
    this.#route('/v1/connections/{id}/intervals', query, GET);

    this.domain =
      domain &&
      new DomainName(this, 'Domain', {
        domainName: domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs),
        format: accessLogFormat(stage),
      },
      ...(this.domain && { domainMapping: { domainName: this.domain } }),
    });
  }

  #route(path: string, integration: HttpRouteIntegration, ...methods: HttpMethod[]): void {
    this.api.addRoutes({ path, methods, integration });
  }
}
