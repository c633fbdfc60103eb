import { parseConnectionId } from '../../shared/control/connections.ts';
import { NotFoundError } from '../../shared/errors.ts';
import { testConnection } from '../../shared/polling/test-connection.ts';
import type { ConnectionTest } from '../../shared/polling/test-result.ts';
import { polling } from '../polling.ts';
import { connections } from '../services.ts';

/**
 * Asks a connection's vendor for one event of each stream. Nothing is tried twice: whoever waits for it can ask again.
 *
 * @throws NotFoundError when there is no such connection, or it is not polled.
 */
export async function test(id: string): Promise<ConnectionTest> {
  const { tenant = '', name = '' } = parseConnectionId(id) ?? {};
  const connection = await connections().get(tenant, name);
  const connected = connection && (await polling().client(connection, () => 0));
  if (!connected) throw new NotFoundError(`there is no connection ${id} that is polled`);
  try {
    return await testConnection(connected, connected.vendor);
  } finally {
    // A request that has no answer yet may take longer than anyone waits.
    connected.transport.close().catch(() => {});
  }
}
