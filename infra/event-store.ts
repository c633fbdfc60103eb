import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

export interface EventStoreProps {
  readonly removal: Settings['removal'];
  /** @default - the key that AWS manages for DynamoDB in the account */
  readonly key?: IKey | undefined;
}

/** The hot store: events with what finds them, and the small table of connections and API keys. */
export class EventStore extends Construct {
  /** Events, pointers, day rows and first-seen rows. Its stream feeds the archive. */
  readonly events: TableV2;
  /** Connections and hashed API keys. */
  readonly control: TableV2;

  constructor(scope: Construct, id: string, { removal, key }: EventStoreProps) {
    super(scope, id);
    const common = {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removal === 'retain',
      removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.events = new TableV2(this, 'Events', {
      ...common,
      timeToLiveAttribute: 'expiresAt',
      dynamoStream: StreamViewType.NEW_IMAGE,
    });
    this.control = new TableV2(this, 'Control', common);
    if (key) for (const table of [this.events, this.control]) useKey(table, key);
  }
}

/** TableEncryptionV2.customerManagedKey would do this, but works only in a stack that is bound to one Region. */
function useKey(table: TableV2, key: IKey): void {
  const resource = table.node.defaultChild as CfnGlobalTable;
  resource.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', key.keyArn);
}
