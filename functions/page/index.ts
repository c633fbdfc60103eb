import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../telemetry.ts';
import { FILES_NAME, type PageFiles } from './files.ts';
import { serve } from './serve.ts';

/** Written when the function is bundled. */
const files = JSON.parse(readFileSync(join(import.meta.dirname, FILES_NAME), 'utf8')) as PageFiles;

/** `GET /` and `GET /assets/{file}`: the page, which asks the API with the key of whoever looks at it. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const result = serve(files, event);
  const { requestId } = event.requestContext;
  // Without the path, in which people paste all sorts of things.
  if (result.statusCode === 404) logger.warn('a file of the page was asked for that is not there', { requestId });
  return result;
}
