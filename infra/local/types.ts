/** One statement of an IAM policy, lists normalised to arrays and intrinsic functions resolved. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Somebody who signs requests to the local endpoints: a function, a service role, or the operator (who may do all). */
export interface Principal {
  /** Logical id of the role in the template, or `operator`. */
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Read at every request, so that a test may take a grant away while the stack runs. */
  statements: readonly Statement[];
}

export interface TableDefinition {
  readonly name: string;
  readonly arn: string;
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: 'S' | 'N' | 'B' }[];
  /** Present when the table has a stream. */
  readonly streamArn?: string;
}

export interface BucketDefinition {
  readonly name: string;
  /** @default false */
  readonly versioned?: boolean;
  /** Present when the bucket has Object Lock; it then is versioned as well. */
  readonly objectLock?: {
    readonly defaultRetention?: {
      readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
      readonly length: number;
      readonly unit: 'days' | 'years';
    };
  };
  /** Rules that are enabled. @default none */
  readonly lifecycle?: readonly LifecycleRule[];
  /** The statements of the bucket's own policy. */
  readonly policy: readonly (Statement & { readonly Principal: unknown })[];
}

/** What a lifecycle rule removes and moves; days are counted as S3 counts them, up to the next midnight UTC. */
export interface LifecycleRule {
  readonly prefix: string;
  /** All of which a version must have, key and value. */
  readonly tags: Readonly<Record<string, string>>;
  /** Age at which a current object expires, in days since it was written. */
  readonly expirationDays?: number;
  /** Whether a delete marker goes that hides nothing. */
  readonly expiredMarkers: boolean;
  /** When versions go that are not current: `days` after that, all but the newest `keep`. */
  readonly noncurrent?: { readonly days: number; readonly keep: number };
  /** Age in days at which a current object of 128 KB or more goes to another storage class. */
  readonly transition?: { readonly days: number; readonly storageClass: 'GLACIER_IR' };
}

/** A key pair that KMS signs with. */
export interface KeyDefinition {
  readonly id: string;
  readonly arn: string;
  readonly spec: 'RSA_2048' | 'RSA_3072' | 'RSA_4096';
  readonly description: string;
  readonly enabled: boolean;
  /** Names with `alias/` before them. */
  readonly aliases: readonly string[];
  /** The statements of the key's own policy. */
  readonly policy: readonly (Statement & { readonly Principal: unknown })[];
}

export interface DeliveryStreamDefinition {
  readonly name: string;
  readonly arn: string;
  readonly bucket: string;
  /** With Firehose's expressions, as in the template. */
  readonly prefix: string;
  readonly errorPrefix: string;
  readonly fileExtension: string;
  readonly compression: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
  /** Columns of the Glue table that the format conversion names, types in Hive's spelling. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Where that table is; the role must be allowed to read it. */
  readonly glue: {
    readonly region: string;
    readonly account: string;
    readonly database: string;
    readonly table: string;
  };
  /** Where delivery errors are logged; both or neither. */
  readonly logGroupArn?: string;
  readonly logStream?: string;
  readonly role: Principal;
}

export interface EventSourceDefinition {
  readonly functionId: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Patterns of FilterCriteria, parsed; empty means everything. */
  readonly filters: readonly unknown[];
  readonly bisectBatchOnError: boolean;
  readonly reportBatchItemFailures: boolean;
  readonly retryAttempts: number;
  readonly maxRecordAgeSeconds: number;
  readonly failureBucket?: string;
}

export interface FunctionDefinition {
  readonly id: string;
  /** Folder of the bundled asset, and the handler as `index.handler`. */
  readonly assetDir: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly role: Principal;
  readonly logGroup?: string;
}

export interface RouteDefinition {
  /** `POST /v1/events` or `$default`. */
  readonly routeKey: string;
  readonly functionId: string;
}

export interface ScheduleDefinition {
  readonly id: string;
  readonly expression: string;
  readonly functionId: string;
  readonly input?: string;
}

/** What a synthesised template asks for, ready to be run on one machine. */
export interface LocalTemplate {
  readonly functions: readonly FunctionDefinition[];
  readonly routes: readonly RouteDefinition[];
  readonly tables: readonly TableDefinition[];
  readonly buckets: readonly BucketDefinition[];
  readonly keys: readonly KeyDefinition[];
  readonly deliveryStreams: readonly DeliveryStreamDefinition[];
  readonly eventSources: readonly EventSourceDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  /** Outputs of the stack, resolved. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A request that arrived at the local endpoints, after the caller was recognised. */
export interface Call {
  readonly principal: string;
  /** IAM spelling: `dynamodb:Query`, `s3:PutObject`. */
  readonly action: string;
  readonly resource: string;
  /** The parsed input of JSON protocols, undefined for S3. */
  readonly input?: unknown;
}

/**
 * What a fault does to one call; undefined lets it pass. `timeout` executes nothing and never answers, `lost answer` executes
 * the call and never answers; `items` names positions of a batch that fail one by one.
 */
export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message?: string }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'lost answer' }
  | { readonly kind: 'items'; readonly items: readonly number[]; readonly code: string };

/** Tests watch calls and make them fail through these. `fault` is asked after the caller's grant was checked. */
export interface Hooks {
  fault?(call: Call): Fault | undefined;
  observe?(call: Call, allowed: boolean): void;
}
