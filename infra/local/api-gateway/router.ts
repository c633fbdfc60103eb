/** A route that a request was matched to. */
export interface Match<R> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Segment = { readonly kind: 'literal' | 'parameter' | 'greedy'; readonly text: string };

interface Compiled<R> {
  readonly route: R;
  readonly method: string;
  readonly segments: readonly Segment[];
}

const RANK = { literal: 0, parameter: 1, greedy: 2 } as const;

/**
 * The route selection of HTTP APIs: of the routes whose method and path match, the most specific path wins (a literal
 * segment before `{name}`, that before `{name+}`), then a method of its own before `ANY`, then `$default`.
 *
 * `path` is decoded: API Gateway decodes before it matches, so that `%2F` parts segments like a slash.
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html)
 */
export function createRouter<R extends { readonly routeKey: string }>(
  routes: readonly R[],
): (method: string, path: string) => Match<R> | undefined {
  const compiled = routes.filter(({ routeKey }) => routeKey !== '$default').map(compile);
  compiled.sort(bySpecificity);
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return (method, path) => {
    for (const candidate of compiled) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchPath(candidate.segments, path);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function compile<R extends { readonly routeKey: string }>(route: R): Compiled<R> {
  const [method = '', path = '/'] = route.routeKey.split(' ');
  return { route, method, segments: split(path).map(toSegment) };
}

function toSegment(text: string): Segment {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'literal', text };
  return { kind: plus === '+' ? 'greedy' : 'parameter', text: name };
}

function bySpecificity<R>(one: Compiled<R>, other: Compiled<R>): number {
  const length = Math.min(one.segments.length, other.segments.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [one.segments[index], other.segments[index]];
    if (a !== undefined && b !== undefined && a.kind !== b.kind) return RANK[a.kind] - RANK[b.kind];
  }
  return Number(one.method === 'ANY') - Number(other.method === 'ANY');
}

function matchPath(segments: readonly Segment[], path: string): Record<string, string> | undefined {
  const parts = split(path);
  const found: Record<string, string> = {};
  for (const [index, { kind, text }] of segments.entries()) {
    const value = kind === 'greedy' ? parts.slice(index).join('/') : parts[index];
    if (value === undefined || (kind === 'literal' ? value !== text : value === '')) return undefined;
    if (kind !== 'literal') found[text] = value;
    if (kind === 'greedy') return found;
  }
  return parts.length === segments.length ? found : undefined;
}

function split(path: string): string[] {
  return path.split('/').slice(1);
}
