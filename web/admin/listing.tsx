import type { ComponentChildren } from 'preact';

export interface Cell<T> {
  readonly name: string;
  readonly cell: (row: T) => ComponentChildren;
  /** As in CSS; what is left is shared among those without. */
  readonly width?: string;
  /** Its name is for readers of the screen only. */
  readonly isActions?: boolean;
}

/** A table whose rows become cards where there is no room for columns. */
export function Listing<T>(props: {
  readonly caption: string;
  readonly columns: readonly Cell<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly isFaded?: (row: T) => boolean;
}) {
  const { caption, columns, rows, keyOf, isFaded } = props;
  return (
    <div class="listing">
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <colgroup>
          {columns.map(({ name, width = 'auto' }) => (
            <col key={name} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ name, isActions }) => (
              <th key={name} scope="col">
                <span class={isActions ? 'visually-hidden' : undefined}>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={isFaded?.(row) ? 'faded' : undefined}>
              {columns.map(({ name, cell, isActions }, index) => (
                <td
                  key={name}
                  data-name={name}
                  class={isActions ? 'listing-actions' : index === 0 ? 'listing-first' : undefined}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
