import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../../infra/bundle.ts';
import { synthesize } from '../../infra/synth.ts';

export interface Resource {
  readonly Type: string;
  // Whatever CloudFormation has; tests name the paths they mean.
  // biome-ignore lint/suspicious/noExplicitAny: a template has no static type
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Runs `use` with a folder of five tiny functions and a place for the output, then removes both. */
export function inWorkspace<T>(use: (workspace: { functionsRoot: string; pageRoot: null; outdir: string }) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'annals-infra-'));
  try {
    const functionsRoot = join(folder, 'functions');
    for (const name of FUNCTION_NAMES) {
      mkdirSync(join(functionsRoot, name), { recursive: true });
      writeFileSync(
        join(functionsRoot, name, 'index.ts'),
        `export const handler = async (): Promise<string> => '${name}';\n`,
      );
    }
    return use({ functionsRoot, pageRoot: null, outdir: join(folder, 'cdk.out') });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The template for these settings. */
export function synthesizeTemplate(annals: object = {}): Template {
  return inWorkspace((workspace) =>
    JSON.parse(readFileSync(synthesize({ ...workspace, context: { annals } }), 'utf8')),
  );
}

export function resourcesOf(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** The one resource of a type whose logical id starts so, without the hash. */
export function resource(template: Template, type: string, name: string): Resource {
  const found = resourcesOf(template, type).filter(([id]) => bare(id) === name);
  if (found.length !== 1) {
    throw new Error(
      `${found.length} ${type} named ${name}; there are ${resourcesOf(template, type).map(([id]) => bare(id))}`,
    );
  }
  return found[0]![1];
}

/** A logical id without the hash that CDK puts at its end. */
export function bare(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** Writes `Ref`, `Fn::GetAtt` and `Fn::Join` out as text, logical ids without their hash. */
export function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (name === 'Ref') return `{${bare(String(argument))}}`;
  if (name === 'Fn::GetAtt') return `{${bare((argument as string[])[0]!)}.${(argument as string[])[1]}}`;
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(written).join((argument as [string])[0]);
  throw new Error(`${name} can't be written out`);
}

export function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
