import { z } from 'zod';
import { TemplateError } from './error.ts';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const Template = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown().optional(), Condition: z.string().optional() }))
    .default({}),
});

/** A property that changes nothing here. */
export const ignored = z.unknown().optional();

/** A CloudFormation template as it is written, intrinsic functions and all. */
export type TemplateSource = z.infer<typeof Template>;

/** @throws TemplateError when the value is not a CloudFormation template. */
export function parseTemplate(value: unknown, file: string): TemplateSource {
  const result = Template.safeParse(value);
  if (result.success) return result.data;
  throw new TemplateError(`${file} is not a CloudFormation template: ${z.prettifyError(result.error)}`);
}

/**
 * The properties of one resource, resolved, in the shape that the local stack knows.
 *
 * @throws TemplateError naming the resource and every property that is missing, malformed or not known.
 */
export function parseProperties<T extends z.ZodType>(
  schema: T,
  resource: { readonly id: string; readonly type: string; readonly properties: unknown },
): z.infer<T> {
  const result = schema.safeParse(resource.properties);
  if (result.success) return result.data;
  const problems = z.prettifyError(result.error).replaceAll('\n', ' ');
  throw new TemplateError(`${resource.type} ${resource.id} can't be run locally: ${problems}`);
}
