/**
 * Where one is: a page, the thing on it, and the parameters of the view. It lives in the address's fragment, which browsers
 * never send to a server, so that what one filters by reaches no access log.
 */
export interface Place {
  readonly page: string;
  /** What the page shows one of: an event's id, an entity. */
  readonly id: string | null;
  readonly params: Params;
}

/** Parameters in order; a name may repeat. */
export type Params = readonly (readonly [name: string, value: string])[];

const HOME = 'events';

/** Reads a fragment, with or without its `#`. Never throws: what is damaged is left out. */
export function parsePlace(fragment: string): Place {
  const text = fragment.replace(/^#?\/?/, '');
  const at = text.indexOf('?');
  const path = at < 0 ? text : text.slice(0, at);
  const slash = path.indexOf('/');
  const page = decode(slash < 0 ? path : path.slice(0, slash));
  const id = slash < 0 ? '' : decode(path.slice(slash + 1));
  const params = at < 0 ? [] : [...new URLSearchParams(text.slice(at + 1))];
  return { page: page === '' ? HOME : page, id: id === '' ? null : id, params };
}

/** The fragment of a place, with its `#`: good for an `href`. */
export function writePlace({ page, id, params }: Place): string {
  const path = id === null ? encode(page) : `${encode(page)}/${encode(id)}`;
  const query = new URLSearchParams(params.map(([name, value]) => [name, value])).toString();
  return query === '' ? `#/${path}` : `#/${path}?${query}`;
}

/** Lone surrogates can't be percent-encoded. Colons and at signs read better as they are, and are allowed in fragments. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%3A', ':').replaceAll('%40', '@');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
