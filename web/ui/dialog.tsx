import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import { CloseIcon } from './icons.tsx';

export interface DialogProps {
  readonly title: string;
  /** Called by Escape, the close button and a press beside it. */
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** Not to be closed by accident: a secret is shown once, or something is half done. */
  readonly keep?: boolean;
  readonly children: ComponentChildren;
}

/** A modal dialog, open as long as it is there. The focus goes back to where it was. */
export function Dialog({ title, onClose, wide, keep, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (!keep) return;
    // A dialog's cancel event can be refused once: a second Escape closes it regardless (HTML, close watchers).
    const refuse = (event: KeyboardEvent) => event.key === 'Escape' && event.preventDefault();
    document.addEventListener('keydown', refuse, true);
    return () => document.removeEventListener('keydown', refuse, true);
  }, [keep]);
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={dialog}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!keep) onClose();
      }}
      onClose={() => {
        if (keep && dialog.current?.isConnected) dialog.current.showModal();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !keep) onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        {!keep && <Button kind="quiet" compact icon={<CloseIcon />} label="Close" onClick={onClose} />}
      </div>
      {children}
    </dialog>
  );
}

/** A question before something that can't be undone. */
export function Confirm(props: {
  readonly title: string;
  readonly action: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <div class="dialog-foot">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button kind="danger-solid" busy={props.busy ?? false} onClick={props.onConfirm}>
          {props.action}
        </Button>
      </div>
    </Dialog>
  );
}
