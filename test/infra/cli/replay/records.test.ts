import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch, readFailedRecords } from '../../../../infra/cli/replay/records.ts';
import { toFailureObject } from '../../../../infra/local/event-source/failure.ts';

const about = { mappingId: 'm', functionArn: 'f', streamArn: 's', shardId: '0', now: 0 };
const record = { eventName: 'INSERT', dynamodb: { SequenceNumber: '1', NewImage: { event: { B: 'AA==' } } } };
const discarded = {
  records: [record, record],
  condition: 'RetryAttemptsExhausted',
  invokeCount: 3,
  functionError: true,
};

describe('readBatch', () => {
  it('gives the very records of what Lambda set aside, and why it did', () => {
    const { body } = toFailureObject(discarded as never, about);
    const wanted = { records: [record, record], why: 'RetryAttemptsExhausted, tried 3 times' };
    expect(readBatch(body)).toEqual(wanted);
    const { payload, ...rest } = JSON.parse(body);
    expect(readBatch(JSON.stringify({ ...rest, payload: JSON.parse(payload) }))).toEqual(wanted);
  });

  it('gives nothing for anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readBatch(text)).toBeUndefined();
      }),
    );
    const { payload, ...rest } = JSON.parse(toFailureObject(discarded as never, about).body);
    for (const other of [undefined, '{', '{"Records":[]}', '{"Records":[1]}', { Records: [{}] }])
      expect(readBatch(JSON.stringify({ ...rest, payload: other })), payload).toBeUndefined();
  });
});

describe('readFailedRecords', () => {
  it('gives the bytes of each record, whatever they are, and why Firehose did not take them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (all) => {
        const lines = all.map((one) =>
          JSON.stringify({ rawData: Buffer.from(one).toString('base64'), lastErrorCode: 'E', lastErrorMessage: 'm' }),
        );
        expect(readFailedRecords(`${lines.join('\n')}\n`)).toEqual(
          all.map((one) => ({ data: Buffer.from(one), why: 'E: m' })),
        );
      }),
    );
  });

  it('reads any text, line by line', () => {
    const lines = fc.array(fc.oneof(fc.string(), fc.json(), fc.constant('{"rawData":"AA==","errorCode":"E"}')));
    fc.assert(
      fc.property(lines, (some) => {
        const text = some.map((line) => line.replaceAll('\n', ' ')).join('\n');
        expect(readFailedRecords(text)).toHaveLength(some.filter((line) => line.trim() !== '').length);
      }),
    );
    expect(readFailedRecords('x\n{"rawData":"AA==","errorCode":"E"}')).toEqual([
      undefined,
      { data: Buffer.from([0]), why: 'E' },
    ]);
  });
});
