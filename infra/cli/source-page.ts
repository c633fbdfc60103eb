import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventFacts } from '../../shared/event/schema.ts';
import type { JsonObject } from '../../shared/json.ts';
import { FIELD_NAMES } from '../../shared/query/fields.ts';
import type { Source } from '../../shared/sources/source.ts';
import { EVENT_TYPES, type EventType } from '../../shared/taxonomy.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Set for every event alike, and so not worth a line. */
const EVERYWHERE = new Set([
  'id',
  'time',
  'receivedAt',
  'tenant',
  'connection',
  'source',
  'product',
  'tier',
  'flags',
  'raw',
]);

interface Example {
  readonly type: EventType;
  readonly raw: JsonObject;
  readonly facts: EventFacts;
}

/** Where a source's page lies. */
export function pagePath(source: Source): string {
  return join(PROJECT, 'docs/sources', `${source.name}.md`);
}

/**
 * The page of a source, in Markdown, made from its declaration and its examples: actions with their EMM types, an example of
 * each type, and the searches that find them.
 */
export function sourcePage(source: Source): string {
  const examples = examplesOf(source);
  const { always, sometimes } = fieldsOf(examples);
  const types = EVENT_TYPES.filter((type) => source.types.includes(type));
  const untyped = actionsOf(source, null);
  return `${[
    `# ${source.title}`,
    `Source \`${source.name}\`. This page is generated from its declaration (\`npm run docs\`); how to connect it is in its [README](../../shared/sources/${source.name}/README.md).`,
    table(
      ['', ''],
      [
        ['product', `\`${source.product}\``],
        ['arrives', source.lag],
        ['the vendor keeps it', source.vendorKeeps],
        ['hot for', `\`${source.defaultTier}\`, unless a connection or setting says otherwise`],
        ['order of the API', source.order],
        ['goes on by', source.cursor],
        ['event id', source.eventId],
      ],
    ),
    `**Always there:** ${names(always)}. **Sometimes:** ${names(sometimes)}.`,
    ...(source.notLogged.length > 0 ? [`**Not logged:**`, source.notLogged.map((one) => `- ${one}`).join('\n')] : []),
    '## Events by type',
    ...types.map((type) =>
      section(
        source,
        type,
        examples.find((example) => example.type === type),
      ),
    ),
    ...(untyped.length > 0 ? ['### No type', `Kept, found with \`type=none\`: ${untyped.map(code).join(', ')}.`] : []),
    'Actions that are in no list are typed by their words, or kept without a type; both are found by `action`.',
  ].join('\n\n')}\n`;
}

/** A source's own example events, one for each type that it can give. */
export function examplesOf(source: Source): Example[] {
  const folder = join(PROJECT, 'shared/sources', source.name, 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const type = file.replace(/\.json$/, '') as EventType;
      const raw = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;
      const facts = source.normalize(raw).find((event) => event.facts.type === type)?.facts;
      return facts ? [{ type, raw, facts }] : [];
    });
}

function section(source: Source, type: EventType, example: Example | undefined): string {
  const actions = actionsOf(source, type);
  const listed =
    actions.length > 0 ? `Actions: ${actions.map(code).join(', ')}.` : 'By more than the action: see the README.';
  return [
    `### ${type}`,
    listed,
    ...(example
      ? [
          fenced('json', JSON.stringify(summary(example.facts), undefined, 2)),
          search(source, type, example.facts.action),
        ]
      : []),
  ].join('\n\n');
}

function search(source: Source, type: EventType, action: string): string {
  const asText = action.replaceAll("'", "''");
  return fenced(
    'text',
    [
      `GET /v1/events?source=${source.name}&type=${type}`,
      `GET /v1/events?source=${source.name}&action=${encodeURIComponent(action)}`,
      `select * from events where source = '${source.name}' and type = '${type}' order by time desc`,
      `select * from events where source = '${source.name}' and action = '${asText}' order by time desc`,
    ].join('\n'),
  );
}

function summary(facts: EventFacts): Partial<EventFacts> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

function actionsOf(source: Source, type: EventType | null): string[] {
  return Object.keys(source.actions)
    .filter((action) => source.actions[action] === type)
    .sort();
}

function fieldsOf(examples: readonly Example[]): { always: string[]; sometimes: string[] } {
  const has = (name: string) => examples.filter(({ facts }) => name in summary(facts)).length;
  const candidates = FIELD_NAMES.filter((name) => !EVERYWHERE.has(name) && has(name) > 0);
  return {
    always: candidates.filter((name) => has(name) === examples.length),
    sometimes: candidates.filter((name) => has(name) < examples.length),
  };
}

function names(fields: readonly string[]): string {
  return fields.length === 0 ? 'nothing' : fields.map(code).join(', ');
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
