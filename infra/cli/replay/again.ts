import { z } from 'zod';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { pack } from '../../../shared/archive/delivery/pack.ts';
import { send } from '../../../shared/archive/delivery/send.ts';
import { AnnalsError } from '../../../shared/errors.ts';
import { recordConverter } from '../../local/aws/firehose/convert.ts';
import { splitDocuments } from '../../local/aws/firehose/documents.ts';
import { invoke, type Operator } from './operator.ts';
import type { Batch, FailedRecord } from './records.ts';

/** How sending something again ended: `left` records did not get through, for this reason. */
export interface Outcome {
  readonly sent: number;
  readonly left: number;
  readonly why?: string;
}

const PATIENCE_MS = 60_000;
const convert = recordConverter(COLUMNS);
const Answer = z.object({ batchItemFailures: z.array(z.unknown()) });

/** Gives a batch to `deliver` again. What the archive has is dropped by the seal. */
export async function deliverAgain(operator: Operator, { records }: Batch): Promise<Outcome> {
  try {
    const answer = Answer.parse(
      JSON.parse(await invoke(operator, operator.outputs.DeliverFunction, { Records: records })),
    );
    const left = answer.batchItemFailures.length;
    return { sent: records.length - left, left, ...(left > 0 && { why: 'deliver does not take it: read its log' }) };
  } catch (error) {
    return { sent: 0, left: records.length, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Gives records to Firehose again, as far as they fit the columns of now: those that don't would only come back. */
export async function convertAgain(
  { firehose, outputs }: Operator,
  records: readonly (FailedRecord | undefined)[],
): Promise<Outcome> {
  const fitting: { sequence: string; json: string }[] = [];
  let why: string | undefined;
  const unfit = new Set<number>();
  for (const [index, record] of records.entries()) {
    if (record === undefined) {
      unfit.add(index);
      why ??= 'a line is not one of Firehose';
      continue;
    }
    const problem = takeFitting(record.data, (json) => fitting.push({ sequence: String(index), json }));
    if (problem === undefined) continue;
    unfit.add(index);
    why ??= `it does not fit the columns: ${problem}`;
  }
  const began = Date.now();
  const refused = await send(
    firehose,
    outputs.DeliveryStream,
    pack(fitting),
    () => PATIENCE_MS - (Date.now() - began),
    (_, about) => {
      why ??= about.error?.message;
    },
  );
  for (const index of refused) unfit.add(Number(index));
  if (refused.length > 0) why ??= 'Firehose does not take it';
  return { sent: records.length - unfit.size, left: unfit.size, ...(why !== undefined && unfit.size > 0 && { why }) };
}

/** Of the documents that share a record, one that does not fit fails them all. @returns why one does not fit. */
function takeFitting(data: Buffer, take: (json: string) => void): string | undefined {
  let problem: string | undefined;
  for (const document of documentsOf(data)) {
    try {
      convert(Buffer.from(document));
      take(document);
    } catch (error) {
      if (!(error instanceof AnnalsError)) throw error;
      problem ??= error.message;
    }
  }
  return problem;
}

/** Each on a line of its own, as `deliver` writes them; else as Firehose would tell them apart. */
function documentsOf(data: Buffer): string[] {
  const text = data.toString('utf8');
  try {
    return splitDocuments(text);
  } catch {
    return text.split('\n').filter((line) => line.trim() !== '');
  }
}
