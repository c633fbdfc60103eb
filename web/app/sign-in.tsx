import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { BrandIcon } from '../ui/icons.tsx';
import { Note } from '../ui/states.tsx';
import { signIn } from './session.ts';

/** Asks for an API key. The address stays as it is, so that one lands where a link led to. */
export function SignIn({ isChecking, message }: { readonly isChecking: boolean; readonly message: string | null }) {
  const [key, setKey] = useState('');
  const [hint, setHint] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const text = key.trim();
    // Other characters can't be in a key, and would not fit into a header.
    const isKey = /^annals_[\x21-\x7e]+$/.test(text);
    setHint(isKey ? null : 'A key begins with annals_ and has no spaces. Paste the whole of it.');
    if (isKey) void signIn(text);
  };
  return (
    <main class="gate">
      <form class="gate-card" onSubmit={submit}>
        <div class="stack">
          <h1 class="brand">
            <BrandIcon size={20} /> Annals
          </h1>
          <p class="muted">Every audit event of your company, in one place.</p>
        </div>
        {message && <Note kind="failure">{message}</Note>}
        <Field
          label="API key"
          type="password"
          value={key}
          onValue={setKey}
          inputRef={input}
          error={hint}
          placeholder="annals_…"
          autocomplete="off"
          spellcheck={false}
          required
        />
        <Button kind="primary" type="submit" busy={isChecking}>
          {isChecking ? 'Checking the key…' : 'Sign in'}
        </Button>
        <p class="small muted">
          The key stays in this tab until it is closed, and is never part of an address. An administrator makes keys;
          the deployment prints the first one.
        </p>
      </form>
    </main>
  );
}
