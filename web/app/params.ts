import type { Params } from './place.ts';

/** How one part of a view's state is kept in parameters. What can't be read is as if it were absent. */
export interface Param<T> {
  /** The value when there is no parameter. It is never written. */
  readonly fallback: T;
  read(values: readonly string[]): T | undefined;
  write(value: T): readonly string[];
}

export type Shape = Readonly<Record<string, Param<unknown>>>;
export type StateOf<S extends Shape> = { readonly [K in keyof S]: S[K] extends Param<infer T> ? T : never };

/** One text; null when it is not given. */
export function text(): Param<string | null> {
  return {
    fallback: null,
    read: ([first]) => (first === undefined || first === '' ? undefined : first),
    write: (value) => (value === null ? [] : [value]),
  };
}

/** Any number of texts, each once, in order. */
export function list(): Param<readonly string[]> {
  return {
    fallback: [],
    read: (values) => [...new Set(values)].filter((value) => value !== ''),
    write: (values) => values,
  };
}

/** One of a few words. */
export function choice<const T extends string>(words: readonly T[], fallback: NoInfer<T>): Param<T> {
  return { fallback, read: ([first]) => words.find((word) => word === first), write: (value) => [value] };
}

/** One of a few words, or null. */
export function maybe<const T extends string>(words: readonly T[]): Param<T | null> {
  return {
    fallback: null,
    read: ([first]) => words.find((word) => word === first),
    write: (value) => (value === null ? [] : [value]),
  };
}

/** On or off. */
export function flag(): Param<boolean> {
  return { fallback: false, read: ([first]) => (first === '1' ? true : undefined), write: () => ['1'] };
}

/** The state that parameters tell; unknown ones are ignored. */
export function readParams<S extends Shape>(shape: S, params: Params): StateOf<S> {
  const given = Map.groupBy(params, ([name]) => name);
  const entries = Object.entries(shape).map(([name, param]) => {
    const values = given.get(name)?.map(([, value]) => value);
    return [name, (values && param.read(values)) ?? param.fallback];
  });
  // Object.entries forgets which name has which type.
  return Object.fromEntries(entries) as StateOf<S>;
}

/** The parameters of a state, without those that are as by default. */
export function writeParams<S extends Shape>(shape: S, state: StateOf<S>): Params {
  return Object.entries(shape).flatMap(([name, param]) => {
    const value = state[name];
    return value === param.fallback ? [] : param.write(value).map((one) => [name, one] as const);
  });
}
