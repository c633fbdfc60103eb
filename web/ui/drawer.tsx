import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import { CloseIcon } from './icons.tsx';

/** Narrower than this, what is beside the drawer can't be seen, so it is modal. */
const BESIDE = '(min-width: 960px)';

/** A panel at the side. Where there is room, what is beside it goes on working. */
export function Drawer(props: {
  readonly label: string;
  readonly onClose: () => void;
  /** Buttons at the top. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    // The page makes room for it. Asking for that in CSS, with :has, costs at every change of the page.
    const page = element?.closest('.page');
    page?.classList.add('beside-drawer');
    if (matchMedia(BESIDE).matches) {
      // Opening moves the focus, and the feed's keys go on from the event that has it.
      element?.show();
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    } else {
      element?.showModal();
    }
    return () => {
      const hadFocus = element?.contains(document.activeElement);
      element?.close();
      page?.classList.remove('beside-drawer');
      if (hadFocus && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div class="drawer-head">
        <div class="row">{props.actions}</div>
        <Button kind="quiet" icon={<CloseIcon />} label="Close (Escape)" onClick={props.onClose} />
      </div>
      <div class="drawer-body">{props.children}</div>
    </dialog>
  );
}
