import { type App, CfnOutput, PermissionsBoundary, Stack, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Api } from './api.ts';
import { Archive } from './archive.ts';
import type { Bundles } from './bundle.ts';
import { Catalog } from './catalog.ts';
import { Delivery } from './delivery.ts';
import { EventStore } from './event-store.ts';
import { Exporting } from './export.ts';
import { Functions } from './functions.ts';
import { KeyFingerprints } from './key-fingerprints.ts';
import { LandingStream } from './landing-stream.ts';
import { Observability } from './observability.ts';
import { Polling } from './polling.ts';
import { Replay } from './replay.ts';
import { Retention } from './retain.ts';
import { Sealing } from './seal.ts';
import type { Settings } from './settings.ts';
import { Verification } from './verify.ts';

export interface AnnalsStackProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
}

/** All of Annals, for whatever account and Region it is deployed into. */
export class AnnalsStack extends Stack {
  constructor(app: App, { settings, bundles }: AnnalsStackProps) {
    const { stage, tenant, removal, permissionsBoundary, kmsKeyArn, logRetentionDays } = settings;
    super(app, `Annals-${stage}`, {
      description: `Annals: audit events of every SaaS product and application (${stage})`,
      ...(permissionsBoundary && { permissionsBoundary: boundary(permissionsBoundary) }),
    });
    for (const [name, value] of Object.entries(settings.tags)) Tags.of(this).add(name, value);
    const key = kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', kmsKeyArn);

    const { events, control } = new EventStore(this, 'EventStore', { removal, key });
    const { landing, archive, failures } = new Archive(this, 'Buckets', { settings, key });
    const catalog = new Catalog(this, 'Catalog', { stage, landing, archive, scanLimitGb: settings.scanLimitGb });
    const { stream } = new LandingStream(this, 'LandingStream', {
      bucket: landing,
      database: catalog.database,
      table: catalog.landingTable,
      logRetentionDays,
      key,
    });
    const stores = { events, control, archive, failures, key };
    const deliveryStream = { name: stream.ref, arn: stream.attrArn };
    const polling = new Polling(this, 'Polling', { settings, bundles, stores });
    const sealing = new Sealing(this, 'Sealing', { settings, bundles, stores, landing });
    const exporting = new Exporting(this, 'Exporting', { settings, bundles, stores });
    const fingerprints = new KeyFingerprints(this, 'Fingerprints', {
      settings,
      bundles,
      keys: { signing: sealing.signingKey, exports: exporting.signingKey },
    });
    const verification = new Verification(this, 'Verification', {
      settings,
      bundles,
      stores,
      landing,
      deliveryStream,
      signingKey: sealing.signingKey,
    });
    const { replay } = new Replay(this, 'Replaying', { settings, bundles, stores });
    const retention = new Retention(this, 'Retention', { settings, bundles, stores });
    const functions = new Functions(this, 'Functions', {
      settings,
      bundles,
      stores,
      deliveryStream,
      polling,
      verification,
      retention,
      exporting,
    });
    const { mapping } = new Delivery(this, 'Delivery', { events, deliver: functions.deliver.handler, failures });
    const { api, accessLogs, domain } = new Api(this, 'Api', { settings, functions });
    const { topic } = new Observability(this, 'Observability', {
      settings,
      functions,
      polling,
      sealing,
      verification,
      retention,
      exporting,
      mapping,
      stream,
      events,
      control,
      api,
      accessLogs,
    });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output(
      'ApiUrl',
      settings.domain ? `https://${settings.domain.name}` : api.apiEndpoint,
      'Where the API and the page answer',
    );
    if (domain) output('ApiDomainTarget', domain.regionalDomainName, 'What a CNAME record of the API must point to');
    output('Workgroup', catalog.workgroup.ref, 'Athena workgroup to query in');
    output('Database', catalog.database.ref, 'Glue database with the view events');
    output('LandingBucket', landing.bucketName, 'Parquet as Firehose delivers it');
    output('ArchiveBucket', archive.bucketName, 'What is kept for good');
    output('SigningKey', sealing.signingKey.keyArn, 'KMS key that signs the digests');
    output(
      'SigningKeyFingerprint',
      fingerprints.of.signing,
      'Note it down: npm run verify -- --key trusts no other key',
    );
    output('ReconcileFunction', verification.reconcile.handler.functionName, 'What npm run reconcile invokes');
    output('ReplayFunction', replay.handler.functionName, 'What npm run replay invokes for a range of the archive');
    output('DeliverFunction', functions.deliver.handler.functionName, 'What npm run replay gives batches to');
    output('DeliveryStream', deliveryStream.name, 'What npm run replay gives records to that did not fit');
    output('ExportsBucket', exporting.bucket.bucketName, 'Exports, for a week');
    output('ExportKey', exporting.signingKey.keyArn, 'KMS key that signs the manifests of exports');
    output('ExportKeyFingerprint', fingerprints.of.exports, 'What publicKey.fingerprint of every export must be');
    output('FailuresBucket', failures.bucketName, 'What could not be delivered or read');
    output('EventsTable', events.tableName, 'Hot store');
    output('ControlTable', control.tableName, 'Connections and API keys');
    output('AlarmTopic', topic.topicArn, 'SNS topic of every alarm');
    output('Stage', stage, 'Setting stage');
    output('Tenant', tenant, 'Setting tenant');
  }
}

function boundary(policy: string): PermissionsBoundary {
  return policy.startsWith('arn:') ? PermissionsBoundary.fromArn(policy) : PermissionsBoundary.fromName(policy);
}
