import type { CanonicalEvent } from '../api/types.ts';

export interface Column {
  /** As in `fields` of the API: a dot path. */
  readonly name: string;
  readonly title: string;
  /** As in CSS grid-template-columns. */
  readonly width: string;
}

const wide = 'minmax(180px, 2fr)';
const middle = 'minmax(130px, 1fr)';

/** The columns that the table can have. */
export const COLUMNS: readonly Column[] = [
  { name: 'time', title: 'Time', width: '156px' },
  { name: 'outcome', title: 'Outcome', width: '110px' },
  { name: 'source', title: 'Source', width: middle },
  { name: 'type', title: 'Type', width: 'minmax(150px, 1fr)' },
  { name: 'action', title: 'Action', width: middle },
  { name: 'actor', title: 'Actor', width: 'minmax(160px, 1.5fr)' },
  { name: 'targets', title: 'Targets', width: wide },
  { name: 'ip', title: 'IP address', width: '124px' },
  { name: 'changes', title: 'Changes', width: wide },
  { name: 'reason', title: 'Reason', width: middle },
  { name: 'session', title: 'Session', width: middle },
  { name: 'location', title: 'Location', width: middle },
  { name: 'device', title: 'Device', width: middle },
  { name: 'userAgent', title: 'User agent', width: wide },
  { name: 'connection', title: 'Connection', width: middle },
  { name: 'receivedAt', title: 'Received', width: '156px' },
  { name: 'tier', title: 'Tier', width: '90px' },
  { name: 'id', title: 'Id', width: '240px' },
];

export const FIRST_COLUMNS = ['time', 'actor', 'type', 'targets', 'outcome', 'source', 'ip'];

const ROOTS = new Set([...COLUMNS.map(({ name }) => name), 'category', 'credential', 'mfa', 'product']);

/** The columns with these names, in their order; any dot path into an event is one. Names that there are not are left out. */
export function columnsNamed(names: readonly string[]): Column[] {
  return names.flatMap((name) => {
    const isPath = name.includes('.') && ROOTS.has(name.split('.')[0] ?? '');
    return COLUMNS.find((column) => column.name === name) ?? (isPath ? { name, title: name, width: middle } : []);
  });
}

/** A cell's plain text, for columns that have no rendering of their own. */
export function cellText(event: CanonicalEvent, name: string): string {
  const { location, device } = event;
  if (name === 'location') return [location?.city, location?.region, location?.country].filter(Boolean).join(', ');
  if (name === 'device') return [device?.name ?? device?.id, device?.os].filter(Boolean).join(', ');
  if (name === 'changes')
    return event.changes.map((one) => `${one.attribute}: ${one.old ?? '∅'} → ${one.new ?? '∅'}`).join('; ');
  return valuesAt(event, name.split('.')).join('; ');
}

/** The values at a dot path as texts, those of every element where it passes through a list. */
function valuesAt(value: unknown, [head, ...rest]: readonly string[]): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, head === undefined ? [] : [head, ...rest]));
  if (head === undefined) return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
  return typeof value === 'object' && Object.hasOwn(value, head)
    ? valuesAt((value as Readonly<Record<string, unknown>>)[head], rest)
    : [];
}
