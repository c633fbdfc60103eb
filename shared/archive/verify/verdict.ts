import type { Finding } from './findings.ts';
import { short } from './trust.ts';

export interface Verdict {
  /** `self-consistent`: nothing contradicts anything, and no key was given that would show who made it. */
  readonly status: 'verified' | 'self-consistent' | 'failed' | 'nothing sealed';
  /** The whole in one line. */
  readonly line: string;
  /** When it was asked, ISO-8601. */
  readonly at: string;
  /** First and newest sealed day; undefined when nothing is sealed. */
  readonly from?: string;
  readonly to?: string;
  /** SHA-256 of the newest digest: whoever keeps it elsewhere can later show that history was not made anew. */
  readonly newest?: string;
  readonly days: number;
  /** Files that digests name and that are there, and how many of them were read whole. */
  readonly files: number;
  readonly filesRead: number;
  /** Files that are gone or hidden, as a later digest says. */
  readonly expired: number;
  /** Events in the files that digests name and that are there. */
  readonly events: number;
  readonly findings: number;
  /** The first thing that is wrong. */
  readonly first?: Finding;
}

/** Adds up what a walk through the archive sees. */
export class Tally {
  readonly #at: string;
  readonly #pinned: readonly string[];
  readonly #keys = new Set<string>();
  #from: string | undefined;
  #to: string | undefined;
  #newest: string | undefined;
  #days = 0;
  #files = 0;
  #filesRead = 0;
  #expired = 0;
  #events = 0;
  #findings = 0;
  #first: Finding | undefined;

  constructor(now: Date, pinned: readonly string[]) {
    this.#at = now.toISOString();
    this.#pinned = pinned;
  }

  finding(finding: Finding): void {
    this.#first ??= finding;
    this.#findings += 1;
  }

  day(day: string, sha256: string): void {
    this.#from ??= day;
    this.#to = day;
    this.#newest = sha256;
    this.#days += 1;
  }

  signedBy(fingerprint: string): void {
    this.#keys.add(fingerprint);
  }

  file(rows: number, read: boolean): void {
    this.#files += 1;
    if (read) this.#filesRead += 1;
    this.#events += rows;
  }

  expired(): void {
    this.#expired += 1;
  }

  verdict(): Verdict {
    const status =
      this.#findings > 0
        ? 'failed'
        : this.#days === 0
          ? 'nothing sealed'
          : this.#pinned.length > 0
            ? 'verified'
            : 'self-consistent';
    return {
      status,
      line: this.#line(status),
      at: this.#at,
      ...(this.#from !== undefined && { from: this.#from }),
      ...(this.#to !== undefined && { to: this.#to }),
      ...(this.#newest !== undefined && { newest: this.#newest }),
      days: this.#days,
      files: this.#files,
      filesRead: this.#filesRead,
      expired: this.#expired,
      events: this.#events,
      findings: this.#findings,
      ...(this.#first !== undefined && { first: this.#first }),
    };
  }

  #line(status: Verdict['status']): string {
    const read = this.#filesRead === this.#files ? 'all read' : `${this.#filesRead} of them read`;
    const expired = this.#expired === 0 ? '' : `, ${this.#expired.toLocaleString('en')} expired`;
    const whole = `${plural(this.#days, 'day')} from ${this.#from} to ${this.#to}, ${plural(this.#files, 'file')} (${read})${expired}, ${plural(this.#events, 'event')}; newest digest ${short(this.#newest ?? '')}`;
    if (status === 'nothing sealed') return 'nothing is sealed yet: there is nothing to verify';
    if (status === 'verified') return `verified: ${whole}; signed by ${[...this.#keys].map(short).join(', ')}`;
    if (status === 'self-consistent')
      return `self-consistent only: ${whole}; no key was given, and whoever can write a whole archive can sign it too`;
    const others = this.#findings > 1 ? ` (the first of ${this.#findings} findings)` : '';
    return `NOT verified: ${this.#first?.message}${others}`;
  }
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
