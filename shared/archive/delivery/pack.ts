/** A Firehose record of several documents, and the stream records they came from. */
export interface Packed {
  readonly data: Buffer;
  readonly sequences: readonly string[];
}

/** Firehose bills each record rounded up to 5 KB, so documents share records up to this size. */
const RECORD_BYTES = 256 * 1024;

/** Packs documents in order, separated by newlines. A document larger than a record's size goes alone. */
export function pack(documents: readonly { sequence: string; json: string }[]): Packed[] {
  const packed: Packed[] = [];
  let lines: Buffer[] = [];
  let sequences: string[] = [];
  let bytes = 0;
  const close = () => {
    if (sequences.length > 0) packed.push({ data: Buffer.concat(lines), sequences });
    lines = [];
    sequences = [];
    bytes = 0;
  };
  for (const { sequence, json } of documents) {
    const line = Buffer.from(`${json}\n`, 'utf8');
    if (bytes + line.length > RECORD_BYTES) close();
    lines.push(line);
    sequences.push(sequence);
    bytes += line.length;
  }
  close();
  return packed;
}
