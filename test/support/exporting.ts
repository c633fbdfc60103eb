import { createHash, generateKeyPairSync } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { signPkcs1 } from '../../infra/local/aws/kms/sign.ts';
import type { Signer } from '../../shared/archive/seal/signer.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import type { CanonicalEvent } from '../../shared/event/schema.ts';
import { Exports } from '../../shared/export/exports.ts';
import type { Circumstances } from '../../shared/export/manifest.ts';
import { type ExportRecord, newExport } from '../../shared/export/record.ts';
import { type ExportOptions, type ExportOutcome, runExport } from '../../shared/export/run.ts';
import type { Page, PageRequest } from '../../shared/store/event-reader.ts';
import { MemoryControl } from './memory-control.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const SIGNER: Signer = {
  publicKey: async () => publicKey.export({ format: 'der', type: 'spki' }),
  sign: async (sha256) => signPkcs1(privateKey, 'DIGEST', sha256),
};
export { publicKey };

/** What a run dies of when its function is killed: nothing that it does afterwards has any effect. */
export class Killed extends Error {}

export const NOTHING_KNOWN: Circumstances = {
  digests: { covering: [], sealedTo: null, firstNotSealed: null },
  gaps: [],
  incomplete: [],
};

/** So many events, oldest first, a second apart. */
export function eventsOf(count: number): CanonicalEvent[] {
  const inputs = Array.from({ length: count }, (_, n) => ({
    facts: {
      type: null,
      action: `a${n}`,
      outcome: 'success' as const,
      actor: { type: 'user' as const, id: 'u' },
      targets: [],
      changes: [],
    },
    time: new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString(),
    vendorId: `${n}`,
    raw: { n },
  }));
  return prepareEvents(inputs, {
    tenant: 'main',
    connection: 'c',
    source: 'custom',
    product: 'custom',
    origin: 'o',
    tier: 'indefinite',
    receivedAt: '2026-01-02T00:00:00.000Z',
  }).map(({ event }) => event);
}

/** Everything that an export touches, in memory, with a clock of its own. */
export class ExportWorld {
  readonly control = new MemoryControl();
  readonly exports = new Exports(this.control);
  readonly objects = new Map<string, Buffer>();
  readonly record: ExportRecord;
  now = Date.UTC(2026, 1, 1);
  readonly events: CanonicalEvent[];
  /** Called before everything that a run does outside of its own memory. */
  beforeStep: (run: number, step: string) => void | Promise<void> = () => {};
  /** Time that a run has, in steps. */
  patience = Number.POSITIVE_INFINITY;
  readonly errors: unknown[] = [];
  #runs = 0;

  constructor(events: CanonicalEvent[], more: Partial<ExportRecord> = {}) {
    this.events = events;
    const asked = { tenant: 'main', format: 'ndjson' as const, query: { to: '2026-01-31T00:00:00.000Z' } };
    this.record = { ...newExport({ ...asked, by: { key: 'key_1', name: 'auditors' } }, new Date(this.now)), ...more };
  }

  async run(limits: Partial<NonNullable<ExportOptions['limits']>> = {}): Promise<ExportOutcome> {
    const run = this.#runs++;
    let steps = 0;
    const step = async (name: string) => {
      steps += 1;
      this.now += 1_000;
      await this.beforeStep(run, name);
    };
    const current = (await this.exports.get('main', this.record.id)) ?? this.record;
    const table = new Exports({
      get: (...call) => this.control.get(...call),
      list: (...call) => this.control.list(...call),
      replace: (...call) => this.control.replace(...call),
      delete: (...call) => this.control.delete(...call),
      put: async (...call) => {
        await step('before save');
        const written = await this.control.put(...call);
        await step('after save');
        return written;
      },
    });
    return runExport(
      {
        exports: table,
        reader: {
          page: async (request) => {
            await step('page');
            return pageOf(this.events, request);
          },
          raw: async () => ({}),
        },
        files: {
          putIfAbsent: async (key, bytes) => {
            await step('before put');
            const isNew = !this.objects.has(key);
            if (isNew) this.objects.set(key, Buffer.from(bytes));
            await step('after put');
            return isNew;
          },
        },
        circumstances: async () => {
          await step('circumstances');
          return NOTHING_KNOWN;
        },
        signer: SIGNER,
        now: () => new Date(this.now),
        timeLeft: () => (steps < this.patience ? 900_000 : 0),
        onError: (_record, error) => this.errors.push(error),
        limits: { fileCharacters: 2_000, files: 1_000, pageEvents: 7, ...limits },
      },
      current,
    );
  }

  /** The record as it is stored. */
  async stored(): Promise<ExportRecord> {
    const found = await this.exports.get('main', this.record.id);
    if (!found) throw new Error('there is no export');
    return found;
  }

  /** The text of the files that the record names, each as big and with the SHA-256 that the record says. */
  async text(): Promise<string> {
    const { files } = await this.stored();
    return files
      .map(({ key, bytes, sha256 }) => {
        const object = this.objects.get(key) ?? Buffer.alloc(0);
        if (object.length !== bytes || createHash('sha256').update(object).digest('hex') !== sha256)
          throw new Error(`${key} is not what the record says`);
        return gunzipSync(object).toString('utf8');
      })
      .join('');
  }
}

/** As the event reader promises: events after `after`, oldest first. */
function pageOf(events: readonly CanonicalEvent[], { after = '', limit }: PageRequest): Page {
  const left = events.filter(({ id }) => id > after);
  const page = left.slice(0, limit);
  return {
    events: page.map((event) => ({ event, expiresAt: undefined, raw: undefined })),
    next: left.length > limit ? page.at(-1)?.id : undefined,
  };
}
