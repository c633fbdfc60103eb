import { useState } from 'preact/hooks';
import { type Zone, zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { shortTime } from '../ui/format.ts';
import { CheckIcon, ClockIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { inputOf, timeOf } from './local-time.ts';
import { LAST_WORDS, LASTS, type RangeState } from './range.ts';

/** The range of time: one that ends now, or between two times. */
export function TimePicker(props: { readonly state: RangeState; readonly onRange: (range: RangeState) => void }) {
  const { state, onRange } = props;
  const inZone = useStore(zone);
  return (
    <Popover
      label="Time"
      buttonClass={`pill ${isAbsolute(state) ? 'active' : ''}`}
      button={
        <>
          <ClockIcon /> <span class="pill-text">{rangeWords(state, inZone)}</span>
        </>
      }
    >
      {(close) => (
        <div class="time-picker">
          <div class="menu">
            {LASTS.map((last) => (
              <button
                key={last}
                type="button"
                class="menu-item"
                aria-pressed={!isAbsolute(state) && last === state.last}
                onClick={() => {
                  onRange({ last, from: null, to: null });
                  close();
                }}
              >
                <span class="menu-check">{!isAbsolute(state) && last === state.last && <CheckIcon />}</span>
                {LAST_WORDS[last]}
              </button>
            ))}
          </div>
          <Between state={state} inZone={inZone} onRange={onRange} close={close} />
        </div>
      )}
    </Popover>
  );
}

function Between(props: {
  readonly state: RangeState;
  readonly inZone: Zone;
  readonly onRange: (range: RangeState) => void;
  readonly close: () => void;
}) {
  const { state, inZone, onRange, close } = props;
  const [from, setFrom] = useState(state.from === null ? '' : inputOf(state.from, inZone));
  const [to, setTo] = useState(state.to === null ? '' : inputOf(state.to, inZone));
  const [error, setError] = useState<string | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const range = { last: state.last, from: timeOf(from, inZone), to: timeOf(to, inZone) };
    if (range.from === null && range.to === null) return setError('Give at least one of the two.');
    if (range.from !== null && range.to !== null && range.from >= range.to)
      return setError('It must begin before it ends.');
    onRange(range);
    close();
  };
  const zoneWords = inZone === 'utc' ? 'UTC' : 'local time';
  return (
    <form class="stack" onSubmit={submit}>
      <Field label={`From (${zoneWords})`} type="datetime-local" value={from} onValue={setFrom} />
      <Field
        label={`To (${zoneWords})`}
        type="datetime-local"
        value={to}
        onValue={setTo}
        error={error}
        hint="Empty: up to now"
      />
      <Button type="submit" kind="primary">
        Apply
      </Button>
    </form>
  );
}

function isAbsolute({ from, to }: RangeState): boolean {
  return from !== null || to !== null;
}

function rangeWords({ last, from, to }: RangeState, inZone: Zone): string {
  if (from === null && to === null) return LAST_WORDS[last];
  if (from === null) return `Before ${shortTime(to ?? '', inZone)}`;
  return `${shortTime(from, inZone)} – ${to === null ? 'now' : shortTime(to, inZone)}`;
}
