import { Checkbox, Segments } from '../ui/field.tsx';
import { ColumnsIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { COLUMNS, FIRST_COLUMNS } from './columns.ts';
import type { FeedState } from './route.ts';

/** How events are shown: as sentences, or as a table of chosen columns; the newest or the oldest first. */
export function ColumnPicker(props: {
  readonly state: FeedState;
  readonly onChange: (change: Partial<FeedState>) => void;
}) {
  const { columns, order, event } = props.state;
  const change = (part: Partial<FeedState>) => props.onChange({ event, ...part });
  const toggle = (name: string, isOn: boolean) => {
    const wanted = new Set(isOn ? [...columns, name] : columns.filter((one) => one !== name));
    change({ columns: COLUMNS.map((column) => column.name).filter((one) => wanted.has(one)) });
  };
  return (
    <Popover
      label="View"
      button={
        <>
          <ColumnsIcon /> View
        </>
      }
    >
      {() => (
        <div class="picker">
          <Segments
            label="Shown as"
            value={columns.length > 0 ? 'table' : 'sentences'}
            options={[
              { value: 'sentences', label: 'Sentences' },
              { value: 'table', label: 'Table' },
            ]}
            onValue={(value) => change({ columns: value === 'table' ? FIRST_COLUMNS : [] })}
          />
          <Segments
            label="Order"
            value={order}
            options={[
              { value: 'newest', label: 'Newest first' },
              { value: 'oldest', label: 'Oldest first' },
            ]}
            onValue={(value) => change({ order: value })}
          />
          {columns.length > 0 && (
            <fieldset class="picker-options">
              <legend class="picker-group">Columns</legend>
              {COLUMNS.map(({ name, title }) => (
                <Checkbox
                  key={name}
                  label={title}
                  checked={columns.includes(name)}
                  disabled={columns.length === 1 && columns[0] === name}
                  onValue={(isOn) => toggle(name, isOn)}
                />
              ))}
            </fieldset>
          )}
        </div>
      )}
    </Popover>
  );
}
