import type { Hold as StoredHold } from '../../shared/archive/hold.ts';
import type { Connection } from '../../shared/control/connections.ts';
import type { KeyRecord } from '../../shared/control/keys.ts';

export type { ConnectionChange, ConnectionRequest } from '../../shared/control/connections.ts';
export type { KeyRequest } from '../../shared/control/keys.ts';

/** An element of `GET /v1/keys`. */
export type ApiKey = KeyRecord & { readonly lastUsedAt: string | null };

/** What `POST /v1/keys` answers: the only time that the key is told. */
export type MadeKey = ApiKey & { readonly key: string };

/** An element of `GET /v1/connections`. */
export type AdminConnection = Connection & {
  /** Absent where it is not polled. */
  readonly paused?: boolean;
  /** Where the vendor pushes to; `{secret}` stands for the secret, for vendors that can prove themselves in no other way. */
  readonly webhookPath?: string;
};

/** An element of `GET /v1/holds`. */
export type Hold = StoredHold;
