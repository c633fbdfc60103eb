import type { Failure, What } from './failures.ts';

/** How many records an object holds; an object that can't be read counts as one. */
export function countOf(what: What): number {
  return what.kind === 'batch' || what.kind === 'records' ? what.count : 1;
}

/** Whether somebody has to do something about it still. */
export function isLeft({ what, replayed }: Failure): boolean {
  return replayed === undefined && what.kind !== 'conflict';
}

/** Two lines for people: what it is, and why it lies there. */
export function describe(failure: Failure): string {
  const { at, bucket, key, what, replayed } = failure;
  const state = replayed === undefined ? (isLeft(failure) ? 'left' : 'kept') : `done ${replayed}`;
  const count = countOf(what);
  return `${at}  ${what.kind.padEnd(10)}  ${count} ${count === 1 ? 'record' : 'records'}  ${state}  s3://${bucket}/${key}\n    ${whyOf(what)}; ${helpOf(failure)}`;
}

function whyOf(what: What): string {
  switch (what.kind) {
    case 'batch':
      return `deliver never took it: ${what.why}`;
    case 'records':
      return `Firehose could not convert: ${what.why}`;
    case 'reject':
      return 'a proved request that could not be read';
    case 'conflict':
      return 'an event that came again with other content, or told another way; the first one stands';
    case 'unreadable':
      return `the seal set it aside: ${what.reason}`;
    case 'unknown':
      return 'nothing of Annals has this form';
  }
}

function helpOf({ key, what }: Failure): string {
  const byHand = `then mark it: --failed --done ${key}`;
  switch (what.kind) {
    case 'batch':
    case 'records':
      return 'can be replayed, once the cause is gone';
    case 'reject': {
      const [, tenant, connection] = key.split('/');
      return `can't be replayed, as its headers are not kept: correct the source, have the vendor send it again, or send the body to /v1/events?connection=${connection} of tenant ${tenant}; ${byHand}`;
    }
    case 'conflict':
      return 'not to be replayed: an event never changes';
    case 'unreadable':
      return `can't be replayed as it is: docs/runbook.md#sealunreadable says what to do by reason; ${byHand}`;
    case 'unknown':
      return `look who put it there; ${byHand}`;
  }
}
