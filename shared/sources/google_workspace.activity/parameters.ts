import { type Json, type JsonObject, scalarText } from '../../json.ts';
import { objectAt, objectsAt, textAt } from '../read.ts';

/** One parameter of an event, under the name that Google gives it. */
export interface Parameter {
  readonly name: string;
  readonly value: Json;
}

/** The parameters of an event by name in lower case: some applications write `USER_EMAIL`, others `user_email`. */
export type Parameters = ReadonlyMap<string, Parameter>;

const PLAIN = ['value', 'intValue', 'boolValue', 'multiValue', 'multiIntValue'];
/** Deeper than Google nests messages; what lies deeper is taken as it is. */
const DEEPEST = 10;

/** The parameters of an event, the sensitive ones included; of several with one name the first. Never throws. */
export function parametersOf(event: JsonObject): Parameters {
  const found = new Map<string, Parameter>();
  for (const parameter of [...objectsAt(event, 'parameters'), ...objectsAt(event, 'sensitiveParameters')]) {
    const name = textAt(parameter, 'name');
    const value = givenValue(parameter, 0);
    if (name === undefined || value === undefined || found.has(name.toLowerCase())) continue;
    found.set(name.toLowerCase(), { name, value });
  }
  return found;
}

function givenValue(parameter: JsonObject, depth: number): Json | undefined {
  for (const key of PLAIN) {
    const value = parameter[key];
    if (value !== undefined && value !== null) return value;
  }
  const message = objectAt(parameter, 'messageValue');
  if (message !== undefined) return messageOf(message, depth + 1);
  const messages = objectsAt(parameter, 'multiMessageValue');
  return messages.length > 0 ? messages.map((each) => messageOf(each, depth + 1)) : undefined;
}

function messageOf(message: JsonObject, depth: number): JsonObject {
  if (depth > DEEPEST) return message;
  return Object.fromEntries(
    objectsAt(message, 'parameter').flatMap((parameter) => {
      const value = givenValue(parameter, depth);
      return value === undefined ? [] : [[textAt(parameter, 'name') ?? '', value] as const];
    }),
  );
}

/** The texts of a parameter: one of a plain value, each of a list; none of anything else and of ''. */
export function textsOf(parameters: Parameters, name: string): string[] {
  const value = parameters.get(name)?.value;
  return (Array.isArray(value) ? value : [value]).flatMap((item) => scalarText(item) ?? []);
}

/** The first text of the first of the parameters that has one. */
export function textOf(parameters: Parameters, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const [text] = textsOf(parameters, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A parameter that is true, also as text; undefined when it is neither true nor false. */
export function flagOf(parameters: Parameters, name: string): boolean | undefined {
  const text = textOf(parameters, name)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
