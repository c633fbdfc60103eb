import type { Insert } from './partiql.ts';

/** An attribute value as the wire has it: one of `S`, `N`, `B`, `M` ... with its value. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** The answer to one statement of a batch; `Error.Code` as in BatchStatementError of the API reference. */
export interface StatementResponse {
  readonly TableName?: string;
  readonly Error?: { readonly Code: string; readonly Message: string };
}

/** Operations on tables that every backend has, each with one JSON object in and one out. */
export type TableOperation = (typeof TABLE_OPERATIONS)[number];
export const TABLE_OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
] as const;

/** What keeps the items. Callers are authorised before; streams are named by the template's ARN. */
export interface Backend {
  /** @throws AwsError as DynamoDB would. */
  call(operation: TableOperation, input: object): Promise<object>;
  /**
   * Writes each item unless its key exists, one answer for each. Nothing is written when a key comes twice.
   *
   * @throws AwsError ValidationException when a key comes twice.
   */
  insert(inserts: readonly Insert[]): Promise<StatementResponse[]>;
  /** The StreamDescription. */
  describeStream(arn: string, input: object): Promise<object>;
  /** A position in the stream, in the backend's own spelling. */
  shardIterator(arn: string, input: object): Promise<string>;
  /** Records after a position: `records` is the text of a JSON array, `next` is absent at the end of a closed shard. */
  records(arn: string, iterator: string, limit?: number): Promise<{ records: string; next?: string }>;
  close(): Promise<void>;
}
