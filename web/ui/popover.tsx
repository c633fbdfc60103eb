import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

const GAP = 6;
const EDGE = 8;

/** A button that opens a panel under it. Escape and a press elsewhere close it, and the focus goes back to the button. */
export function Popover(props: {
  readonly button: ComponentChildren;
  readonly buttonClass?: string;
  /** Of the button, where its content does not say it. */
  readonly buttonLabel?: string | undefined;
  /** Of the panel. */
  readonly label: string;
  readonly onOpen?: () => void;
  /** Rendered while it is open. */
  readonly children: (close: () => void) => ComponentChildren;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    panel.current?.hidePopover();
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.buttonClass ?? 'button'}
        aria-label={props.buttonLabel}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        popovertarget={id}
      >
        {props.button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={props.label}
        class="popover"
        onBeforeToggle={(event) => {
          if (event.newState === 'open') props.onOpen?.();
          setOpen(event.newState === 'open');
        }}
        onToggle={(event) => {
          if (event.newState !== 'open' || !button.current || !panel.current) return;
          place(panel.current, button.current);
          panel.current.querySelector<HTMLElement>('[autofocus], input, select, button, a')?.focus();
        }}
      >
        {isOpen && props.children(close)}
      </div>
    </>
  );
}

/** Under the button or, without room, above it; always inside the window. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const isRoomBelow = from.bottom + GAP + height <= innerHeight - EDGE;
  const top = isRoomBelow ? from.bottom + GAP : Math.max(EDGE, from.top - GAP - height);
  const left = Math.max(EDGE, Math.min(from.left, innerWidth - width - EDGE));
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}
