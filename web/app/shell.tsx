import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useKeys } from './keys.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { Rail } from './rail.tsx';
import { ScrollerContext } from './scroller.ts';

/** The rail, and beside it the page. The page's own element scrolls, not the window. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const [showsKeys, setShowsKeys] = useState(false);
  const main = useRef<HTMLElement>(null);
  useKeys([{ key: '?', does: 'Show these keys', run: () => setShowsKeys(true) }]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Rail onKeys={() => setShowsKeys(true)} />
      <main ref={main} class="main" tabIndex={-1}>
        <ScrollerContext.Provider value={main}>{children}</ScrollerContext.Provider>
      </main>
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </div>
  );
}
