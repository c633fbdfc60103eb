import { z } from 'zod';

/** A batch of stream records that Lambda gave up: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
export interface Batch {
  /** As `deliver` is to get them again. */
  readonly records: readonly unknown[];
  readonly why: string;
}

const Payload = z.object({ Records: z.array(z.looseObject({ dynamodb: z.looseObject({}) })).min(1) });
const BatchObject = z.object({
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number().nullish() }),
  payload: z.union([Payload, z.string().transform(fromJson).pipe(Payload)]),
});

/** Undefined when the object is not one of those that Lambda writes, with the records in it. */
export function readBatch(text: string): Batch | undefined {
  const { data } = BatchObject.safeParse(fromJson(text));
  if (data === undefined) return undefined;
  const { condition, approximateInvokeCount } = data.requestContext;
  const tries = approximateInvokeCount ? `, tried ${approximateInvokeCount} times` : '';
  return { records: data.payload.Records, why: `${condition}${tries}` };
}

/** A record that Firehose could not convert: https://docs.aws.amazon.com/firehose/latest/dev/retry.html */
export interface FailedRecord {
  readonly data: Buffer;
  readonly why: string;
}

const FailureLine = z.object({
  rawData: z.base64(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  lastErrorCode: z.string().optional(),
  lastErrorMessage: z.string().optional(),
});

/** The records of an object under `errors/`; undefined stands for a line that can't be read. */
export function readFailedRecords(text: string): (FailedRecord | undefined)[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const { data } = FailureLine.safeParse(fromJson(line));
    if (data === undefined) return undefined;
    const code = data.lastErrorCode ?? data.errorCode ?? 'unknown error';
    const message = data.lastErrorMessage ?? data.errorMessage ?? '';
    return { data: Buffer.from(data.rawData, 'base64'), why: message === '' ? code : `${code}: ${message}` };
  });
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
