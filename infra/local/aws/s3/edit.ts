import { chooseVersion, type Exchange } from './exchange.ts';
import type { ObjectVersion } from './versions.ts';

type Editable = Pick<ObjectVersion, 'tags' | 'retention' | 'legalHold'>;

/**
 * Changes what is known of the version that a request names, never its bytes, and gives its id. `edit` may refuse by
 * throwing.
 *
 * @throws AwsError as chooseVersion does.
 */
export function editVersion(
  exchange: Exchange,
  key: string,
  edit: (version: ObjectVersion) => { [Name in keyof Editable]?: Editable[Name] | undefined },
): Promise<string> {
  return exchange.store.change(exchange.bucket, key, (versions) => {
    const version = chooseVersion(exchange, key, versions);
    const edited = { ...version, ...edit(version) } as ObjectVersion;
    return { versions: versions.map((one) => (one === version ? edited : one)), result: version.id };
  });
}
