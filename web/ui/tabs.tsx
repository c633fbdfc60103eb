import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** Tabs of which one is open; arrows move between them (ARIA APG, tabs). `children` is the open one's content. */
export function Tabs<T extends string>(props: {
  readonly label: string;
  readonly open: T;
  readonly tabs: readonly { readonly value: T; readonly label: ComponentChildren }[];
  readonly onOpen: (value: T) => void;
  readonly children: ComponentChildren;
}) {
  const { label, open, tabs, onOpen, children } = props;
  const id = useId();
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ value }) => value === open);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onOpen(next.value);
    document.getElementById(`${id}-${next.value}`)?.focus();
  };
  return (
    <div>
      <div class="tabs" role="tablist" aria-label={label}>
        {tabs.map((tab) => (
          <button
            key={tab.value}
            id={`${id}-${tab.value}`}
            type="button"
            role="tab"
            aria-selected={tab.value === open}
            aria-controls={`${id}-panel`}
            tabIndex={tab.value === open ? 0 : -1}
            onClick={() => onOpen(tab.value)}
            onKeyDown={move}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${open}`}>
        {children}
      </div>
    </div>
  );
}
