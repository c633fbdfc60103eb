import { z } from 'zod';
import { InvalidRequestError } from '../errors.ts';

/** How far a replay of the archive has got. */
export interface Position {
  /** Epoch seconds up to which the replayed events are kept; fixed when it began. */
  readonly keepUntil: number;
  /** The sealed file that it is in, and the id of the last event of it that is done; empty at a beginning. */
  readonly file: string;
  readonly id: string;
}

const Position = z.tuple([z.int().min(0), z.string(), z.string()]);

/** A position as text that is handed out and comes back. */
export function writeCursor({ keepUntil, file, id }: Position): string {
  return Buffer.from(JSON.stringify([keepUntil, file, id])).toString('base64url');
}

/** @throws InvalidRequestError for text that {@link writeCursor} did not write. */
export function readCursor(text: string): Position {
  try {
    const [keepUntil, file, id] = Position.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const position = { keepUntil, file, id };
    if (writeCursor(position) === text) return position;
  } catch {
    // Told below.
  }
  throw new InvalidRequestError('the cursor is not one that a replay gave: begin anew without it');
}
