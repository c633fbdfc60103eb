import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { FILES_NAME } from '../functions/page/files.ts';
import { bundleFunctions } from './bundle.ts';
import { buildPage } from './page-files.ts';
import { readSettings } from './settings.ts';
import { AnnalsStack } from './stack.ts';

export interface SynthesisOptions {
  /** Folder for the cloud assembly: the template, and the bundles beside it. */
  readonly outdir?: string;
  /** Context values that take precedence over those of `cdk.json`; `annals` holds the settings. */
  readonly context?: Readonly<Record<string, unknown>>;
  /**
   * Folder of the functions' sources.
   * @default - `functions/` of this project
   */
  readonly functionsRoot?: string;
  /**
   * Folder of the page's sources; `null` leaves the page without files, for templates that nobody runs.
   * @default - `web/` of this project
   */
  readonly pageRoot?: string | null;
  /**
   * Check the template against what CloudFormation accepts; takes two seconds.
   * @default false
   */
  readonly validate?: boolean;
  /**
   * Folder with DuckDB's binding for Lambda: what is deployed must have it.
   * @default - the functions use the binding of this machine, as they do on one machine
   */
  readonly duckDb?: string;
}

const PROJECT = join(import.meta.dirname, '..');

/** The CDK app with its one stack, functions bundled, ready to be synthesised. */
export function createApp(options: SynthesisOptions = {}): { app: App; stack: AnnalsStack } {
  const { outdir, context, functionsRoot = join(PROJECT, 'functions'), validate = false, duckDb } = options;
  const { pageRoot = join(PROJECT, 'web') } = options;
  const app = new App({
    // The CDK CLI hands this in as well, but nobody does where this runs without it.
    context: JSON.parse(readFileSync(join(PROJECT, 'cdk.json'), 'utf8')).context,
    ...(context && { postCliContext: { ...context } }),
    ...(outdir !== undefined && { outdir }),
    builtinCloudFormationValidation: validate,
    analyticsReporting: false,
    treeMetadata: false,
  });
  const settings = readSettings(app.node.tryGetContext('annals'));
  const bundles = bundleFunctions(functionsRoot, join(app.outdir, 'bundles'), duckDb);
  if (pageRoot !== null) buildPage(pageRoot, join(bundles.page, FILES_NAME));
  const stack = new AnnalsStack(app, { settings, bundles });
  return { app, stack };
}

/**
 * Synthesises the app in this process, without the CDK CLI.
 *
 * @returns the path of the template; the asset manifest and the bundled functions lie beside it.
 * @throws ConfigurationError when the settings are wrong, Error when a function can't be bundled or the page built.
 */
export function synthesize(options: SynthesisOptions & { readonly outdir: string }): string {
  const { app, stack } = createApp(options);
  return app.synth().getStackArtifact(stack.artifactId).templateFullPath;
}
