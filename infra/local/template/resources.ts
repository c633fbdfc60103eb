import { TemplateError } from './error.ts';
import { type Identity, Resolver } from './intrinsics.ts';
import { at, identityOf, namePath, type Place } from './names.ts';
import type { TemplateSource } from './source.ts';

/** One resource of the template that is to exist, its properties resolved. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly identity: Identity;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of a template, after conditions and intrinsic functions. */
export class Resources {
  readonly #all: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;

  /** @throws TemplateError when something in the template can't be resolved. */
  constructor(source: TemplateSource, place: Place) {
    const identities = new Map<string, Identity>();
    const identify = (id: string): Identity => {
      const known = identities.get(id);
      if (known !== undefined) return known;
      const { Type = '', Properties = {} } = source.Resources[id] ?? {};
      const path = namePath(Type);
      const given = path === undefined ? undefined : resolver.resolve(at(Properties, path));
      const identity = identityOf(id, Type, typeof given === 'string' ? given : undefined, place);
      identities.set(id, identity);
      return identity;
    };
    const pseudo = {
      'AWS::AccountId': place.accountId,
      'AWS::Region': place.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': place.stackName,
      'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.accountId}:stack/${place.stackName}/local`,
    };
    const resolver = new Resolver(source, pseudo, identify);
    const exists = (condition: string | undefined) => condition === undefined || resolver.condition(condition);

    this.#all = Object.entries(source.Resources)
      .filter(([, { Condition }]) => exists(Condition))
      .map(([id, { Type, Properties }]) => ({
        id,
        type: Type,
        identity: resolver.identify(id),
        properties: resolver.resolve(Properties) as Record<string, unknown>,
      }));
    this.outputs = Object.fromEntries(
      Object.entries(source.Outputs)
        .filter(([, { Condition }]) => exists(Condition))
        .map(([name, { Value }]) => [name, String(resolver.resolve(Value))]),
    );
  }

  of(...types: readonly string[]): readonly Resource[] {
    return types.length === 0 ? this.#all : this.#all.filter(({ type }) => types.includes(type));
  }

  /**
   * The resource of one of these types whose `Ref`, or one of whose attributes, is `value`: a name, an id or an ARN.
   *
   * @throws TemplateError when the template has none, naming the property that asked.
   */
  find(value: string, asked: string, ...types: readonly string[]): Resource {
    const found = this.of(...types).find(
      ({ identity }) => identity.ref === value || Object.values(identity.attributes).includes(value),
    );
    if (found !== undefined) return found;
    throw new TemplateError(`${asked} names ${value}, which is no ${types.join(' or ')} of this template`);
  }
}
