import type { ComponentChildren } from 'preact';
import { categoryOf, type EventType } from '../../shared/taxonomy.ts';
import { words } from './format.ts';

/** A vendor's text, hostile until shown: as text, isolated from the direction of the text around it, cut when endless. */
export function VendorText(props: {
  readonly text: string;
  readonly most?: number;
  /** An address may be broken after its @, which a narrow cell needs. */
  readonly breaks?: boolean | undefined;
}) {
  const { text, most = 400, breaks } = props;
  if (text.length > most) return <bdi title={text.slice(0, 4_000)}>{`${text.slice(0, most)}…`}</bdi>;
  const at = breaks ? text.indexOf('@') + 1 : 0;
  if (at === 0) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </bdi>
  );
}

/** A small remark. */
export function Chip(props: {
  readonly kind?: 'plain' | 'caution' | 'failure' | 'good';
  readonly children: ComponentChildren;
  readonly title?: string;
}) {
  return (
    <span class={`chip ${props.kind ?? 'plain'}`} title={props.title}>
      {props.children}
    </span>
  );
}

const OUTCOME_WORDS = { success: 'Succeeded', failure: 'Failed', unknown: 'Outcome unknown' } as const;

export function OutcomeMark({ outcome }: { readonly outcome: keyof typeof OUTCOME_WORDS }) {
  return <span class={`outcome ${outcome}`}>{OUTCOME_WORDS[outcome]}</span>;
}

/** The EMM type in words, with the mark of its category. */
export function TypeLabel({ type }: { readonly type: EventType | null }) {
  return (
    <span class="type-label" data-category={categoryOf(type) ?? 'none'}>
      {type === null ? 'Not mapped' : words(type)}
    </span>
  );
}

export interface Column<T> {
  readonly name: string;
  readonly isNumber?: boolean;
  readonly cell: (row: T) => ComponentChildren;
}

/** A plain table with a caption for readers of the screen. */
export function Table<T>(props: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}) {
  const { caption, columns, rows, keyOf } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-frame" tabIndex={0} aria-label={caption}>
      <table class="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, isNumber, cell }) => (
                <td key={name} class={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
