import type { JsonObject } from '../../json.ts';
import { textAt } from '../read.ts';

/** `<Permissions granted>Read</Permissions granted>`: names in it have blanks, so it is no XML that a parser takes. */
const ELEMENT = /<([A-Za-z][^<>/]{0,99})>([^<>]*)<\/\1>/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The elements of `EventData`, innermost ones only, in their order. */
export function eventData(raw: JsonObject): { readonly name: string; readonly value: string }[] {
  const text = textAt(raw, 'EventData') ?? '';
  return [...text.matchAll(ELEMENT)].map(([, name = '', value = '']) => ({ name, value: decoded(value).trim() }));
}

function decoded(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
