import type { ExpiredFile } from '../digest.ts';
import type { Finding } from './findings.ts';

type Identity = Pick<ExpiredFile, 'key' | 'version' | 'sha256' | 'rows' | 'tenant'>;

/** The sealed files that are gone or hidden: findings, unless a digest later than their own lists them as expired. */
export class Absent {
  readonly #findings = new Map<string, Finding[]>();
  /** Those that a digest has named so far. */
  readonly #named = new Map<string, Identity>();

  /** Takes down that something is not there. */
  add(finding: Finding): void {
    this.#findings.set(finding.key, [...(this.#findings.get(finding.key) ?? []), finding]);
  }

  /** Takes down what a digest says of a file, if that is one of these. */
  name(file: Identity): void {
    if (this.#findings.has(file.key)) this.#named.set(file.key, file);
  }

  /** @returns whether the file is absent, and an earlier digest named the same: it is a finding no more. */
  explain(expired: Identity): boolean {
    const named = this.#named.get(expired.key);
    return named !== undefined && isSame(named, expired) && this.#findings.delete(expired.key);
  }

  unexplained(): Finding[] {
    return [...this.#findings.values()].flat();
  }
}

function isSame(a: Identity, b: Identity): boolean {
  const names = ['key', 'version', 'sha256', 'rows', 'tenant'] as const;
  return names.every((name) => a[name] === b[name]);
}
