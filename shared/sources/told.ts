import type { Json } from '../json.ts';
import type { MappedEvent } from './source.ts';

/**
 * An event that its vendor tells in several ways, as by API and by export. `content` is what all of them say: tellings with
 * the same content are one event, of which the first is stored.
 */
export interface ToldEvent extends MappedEvent {
  readonly content?: Json | undefined;
}
