import { ref, type Schema, text } from './openapi-schemas.ts';

export type Operation = Record<string, unknown>;
/** By path, then by method. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** An operation, which answers problem documents beside what it is said to answer. */
export function operation(
  operationId: string,
  summary: string,
  responses: Record<number, unknown>,
  more: Operation = {},
): Operation {
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: ref('ProblemDocument') } },
  };
  return { operationId, summary, ...more, responses: { ...responses, default: problem } };
}

/** An answer in JSON. */
export function json(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** A required body in JSON. */
export function body(schema: string): Operation {
  return { requestBody: { required: true, content: { 'application/json': { schema: ref(schema) } } } };
}

/** A parameter of the query string. */
export function parameter(name: string, schema: Schema, description?: string): Schema {
  return { name, in: 'query', schema, ...(description !== undefined && { description }) };
}

/** A part of the path. */
export function inPath(name: string): Schema {
  return { name, in: 'path', required: true, schema: text };
}
