import { z } from 'zod';
import { TemplateError } from './error.ts';
import type { Identity } from './intrinsics.ts';
import type { Resources } from './resources.ts';
import { ignored, parseProperties } from './source.ts';

/** A resource that a function of the template makes. */
export interface CustomResource {
  readonly id: string;
  readonly type: string;
  readonly functionId: string;
  /** As the function is given them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

const CustomProperties = z.looseObject({ ServiceToken: z.string(), ServiceTimeout: ignored });
const PLACEHOLDER = /\{\{custom:(\w+):([\w.]+)\}\}/g;

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Of a custom resource, which only its function can tell: placeholders, for `fillIn`. */
export function customIdentity(logicalId: string): Identity {
  const later = (attribute: string) => `{{custom:${logicalId}:${attribute}}}`;
  return { ref: later('Ref'), attributes: {}, later };
}

/** Puts values in the place of placeholders. @throws TemplateError for an attribute that the function did not give. */
export function fillIn(text: string, values: ReadonlyMap<string, Readonly<Record<string, string>>>): string {
  return text.replace(PLACEHOLDER, (_all, id: string, attribute: string) => {
    const value = values.get(id)?.[attribute];
    if (value !== undefined) return value;
    throw new TemplateError(`the function behind the custom resource ${id} gave no ${attribute}`);
  });
}

/** @throws TemplateError for one of no function of the template, and when anything but an output depends on one. */
export function readCustomResources(resources: Resources): CustomResource[] {
  const all = resources.of();
  const dependent = all.find(({ properties }) => JSON.stringify(properties)?.match(PLACEHOLDER));
  if (dependent !== undefined)
    throw new TemplateError(`${dependent.id} depends on a custom resource, which only outputs can do locally`);
  return all
    .filter(({ type }) => isCustom(type))
    .map((resource) => {
      const { ServiceToken } = parseProperties(CustomProperties, resource);
      const { id } = resources.find(ServiceToken, `custom resource ${resource.id}`, 'AWS::Lambda::Function');
      return { id: resource.id, type: resource.type, functionId: id, properties: resource.properties };
    });
}
