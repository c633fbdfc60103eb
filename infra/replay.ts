import { Size } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DIGEST_PREFIX, SEALED_PREFIX } from '../shared/archive/digest.ts';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allowKey } from './policies.ts';
import type { Settings } from './settings.ts';
import {
  archiveLock,
  commonEnvironment,
  keepLargeRaw,
  readVersions,
  type Stores,
  storeEvents,
} from './shared-grants.ts';

export interface ReplayProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
}

/** The function that puts a range of the archive into the hot store again, for whoever may invoke it. */
export class Replay extends Construct {
  readonly replay: AnnalsFunction;

  constructor(scope: Construct, id: string, { settings, bundles, stores }: ReplayProps) {
    super(scope, id);
    const { events, archive, key } = stores;
    this.replay = new AnnalsFunction(this, 'Replay', {
      description: 'Puts a range of the archive into the events table again; npm run replay invokes it',
      bundle: bundles.replay,
      timeoutSeconds: 900,
      memoryMb: 2048,
      temporary: Size.gibibytes(10),
      environment: {
        ...commonEnvironment(settings),
        TENANT: settings.tenant,
        SHARDS: JSON.stringify(settings.shards),
        EVENTS_TABLE: events.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ARCHIVE_LOCK: archiveLock(settings),
      },
      grants: [
        ...readVersions('Archive', archive, SEALED_PREFIX, DIGEST_PREFIX),
        ...storeEvents(events),
        // A raw that only just fitted its item may not any more.
        keepLargeRaw(archive),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays: settings.logRetentionDays,
    });
  }
}
