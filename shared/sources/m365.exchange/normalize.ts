import type { EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { cmdletChanges, cmdletTargets, isCmdlet } from '../m365/cmdlet.ts';
import { actorOf } from '../m365/people.ts';
import { mapRecord } from '../m365/record.ts';
import { textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { guessType, typeInTable } from './actions.ts';
import { mailboxChanges, mailboxRole, mailboxTargets } from './mailbox.ts';

/** Maps one record of `Audit.Exchange`: a mailbox's, or a cmdlet's. */
export function normalize(raw: JsonObject): MappedEvent[] {
  const isOfCmdlet = isCmdlet(textAt(raw, 'Operation') ?? '');
  return mapRecord(raw, {
    typeOf(operation) {
      const type = typeInTable(operation);
      return type === undefined ? guessType(operation) : type;
    },
    targetsOf: (record, type) => (isOfCmdlet ? cmdletTargets(record, type) : mailboxTargets(record)),
    changesOf: isOfCmdlet ? cmdletChanges : mailboxChanges,
    unsaid: 'unknown',
    // Where a service of Microsoft's opened the mailbox for somebody, ClientIP is that of the service.
    addresses: ['ClientIPAddress', 'ClientIP'],
    factsOf,
  });
}

function factsOf(raw: JsonObject): Partial<EventFacts> {
  const userAgent = textAt(raw, 'ClientInfoString');
  const role = mailboxRole(raw);
  return {
    ...(userAgent !== undefined && { userAgent }),
    ...(role !== undefined && { actor: { ...actorOf(raw), role } }),
  };
}
