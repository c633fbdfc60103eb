import { TemplateError } from './error.ts';
import type { TemplateSource } from './source.ts';

/** What `Ref` and `Fn::GetAtt` of one resource give. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands for an attribute that nobody knows before the stack runs. */
  readonly later?: (attribute: string) => string;
}

/** Stands for `AWS::NoValue`: the property that has it is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (resolver: Resolver, argument: unknown) => unknown;

/**
 * Resolves CloudFormation's intrinsic functions against one template.
 *
 * `identify` is asked for the identity of a resource by its logical id; parameters have their default values.
 */
export class Resolver {
  readonly #source: TemplateSource;
  readonly #pseudo: Readonly<Record<string, unknown>>;
  readonly #identify: (logicalId: string) => Identity;
  readonly #open: string[] = [];

  constructor(
    source: TemplateSource,
    pseudo: Readonly<Record<string, string>>,
    identify: (logicalId: string) => Identity,
  ) {
    this.#source = source;
    this.#pseudo = { ...pseudo, 'AWS::NoValue': NO_VALUE };
    this.#identify = identify;
  }

  /**
   * The value with every intrinsic function in it replaced by what it gives.
   *
   * @throws TemplateError for a function, reference or attribute that is not known, and for circular references.
   */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) {
      const [name, argument] = only;
      const intrinsic = INTRINSICS[name];
      if (intrinsic !== undefined) return intrinsic(this, argument);
      if (name.startsWith('Fn::')) throw new TemplateError(`${name} is not known locally`);
    }
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, this.resolve(inner)] as const).filter(([, inner]) => inner !== NO_VALUE),
    );
  }

  ref(name: string): unknown {
    if (Object.hasOwn(this.#pseudo, name)) return this.#pseudo[name];
    const parameter = this.#source.Parameters[name];
    if (parameter === undefined) return this.identify(name).ref;
    if (parameter.Default === undefined) throw new TemplateError(`parameter ${name} has no default value`);
    return parameter.Default;
  }

  attribute(logicalId: string, name: string): string {
    const { attributes, later } = this.identify(logicalId);
    const value = attributes[name] ?? later?.(name);
    if (value !== undefined) return value;
    const type = this.#source.Resources[logicalId]?.Type;
    throw new TemplateError(`attribute ${name} of ${type} ${logicalId} is not known locally`);
  }

  identify(logicalId: string): Identity {
    if (!Object.hasOwn(this.#source.Resources, logicalId))
      throw new TemplateError(`the template refers to ${logicalId}, which it does not have`);
    return this.#guard(logicalId, () => this.#identify(logicalId));
  }

  condition(name: string): boolean {
    if (!Object.hasOwn(this.#source.Conditions, name)) throw new TemplateError(`there is no condition ${name}`);
    return this.#guard(`condition ${name}`, () => this.resolve(this.#source.Conditions[name]) === true);
  }

  mapping(map: string, first: string, second: string): unknown {
    const value = this.#source.Mappings[map]?.[first]?.[second];
    if (value === undefined) throw new TemplateError(`mapping ${map} has no ${first}.${second}`);
    return value;
  }

  #guard<T>(name: string, work: () => T): T {
    if (this.#open.includes(name)) throw new TemplateError(`circular reference: ${[...this.#open, name].join(' -> ')}`);
    this.#open.push(name);
    try {
      return work();
    } finally {
      this.#open.pop();
    }
  }
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (resolver, name) => resolver.ref(text(name, 'Ref')),
  Condition: (resolver, name) => resolver.condition(text(name, 'Condition')),
  'Fn::GetAtt': (resolver, argument) => {
    const [id, ...path] = typeof argument === 'string' ? argument.split('.') : texts(argument, 'Fn::GetAtt');
    return resolver.attribute(id ?? '', path.join('.'));
  },
  'Fn::Join': (resolver, argument) => {
    const [separator, values] = list(argument, 'Fn::Join', 2);
    return texts(resolver.resolve(values), 'Fn::Join').join(text(separator, 'Fn::Join'));
  },
  'Fn::Split': (resolver, argument) => {
    const [separator, value] = list(argument, 'Fn::Split', 2);
    return text(resolver.resolve(value), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::Select': (resolver, argument) => {
    const [index, values] = list(resolver.resolve(argument), 'Fn::Select', 2);
    const chosen = Array.isArray(values) ? values[Number(index)] : undefined;
    if (chosen === undefined) throw new TemplateError(`Fn::Select finds nothing at ${String(index)}`);
    return chosen;
  },
  'Fn::Sub': (resolver, argument) => {
    const [pattern, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub', 2);
    const own = resolver.resolve(variables) as Record<string, unknown>;
    return text(pattern, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_all, escaped: string, name: string) => {
      if (escaped === '!') return `\${${name}}`;
      if (Object.hasOwn(own, name)) return text(own[name], 'Fn::Sub');
      const dot = name.indexOf('.');
      return dot < 0
        ? text(resolver.ref(name), 'Fn::Sub')
        : resolver.attribute(name.slice(0, dot), name.slice(dot + 1));
    });
  },
  'Fn::FindInMap': (resolver, argument) => {
    const [map = '', first = '', second = ''] = texts(resolver.resolve(argument), 'Fn::FindInMap');
    return resolver.mapping(map, first, second);
  },
  'Fn::If': (resolver, argument) => {
    const [name, yes, no] = list(argument, 'Fn::If', 3);
    return resolver.resolve(resolver.condition(text(name, 'Fn::If')) ? yes : no);
  },
  'Fn::Equals': (resolver, argument) => {
    const [one, other] = list(resolver.resolve(argument), 'Fn::Equals', 2);
    return JSON.stringify(one) === JSON.stringify(other);
  },
  'Fn::And': (resolver, argument) => list(resolver.resolve(argument), 'Fn::And').every((one) => one === true),
  'Fn::Or': (resolver, argument) => list(resolver.resolve(argument), 'Fn::Or').some((one) => one === true),
  'Fn::Not': (resolver, argument) => list(resolver.resolve(argument), 'Fn::Not', 1)[0] !== true,
};

function text(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${where} needs text, and has ${JSON.stringify(value)}`);
}

function list(value: unknown, where: string, length?: number): unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  throw new TemplateError(`${where} needs a list${length === undefined ? '' : ` of ${length}`}`);
}

function texts(value: unknown, where: string): string[] {
  return list(value, where).map((item) => text(item, where));
}
