import { Store, useStore } from '../app/store.ts';

interface Message {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = 5_000;
const messages = new Store<readonly Message[]>([]);
let made = 0;

/** Says for a moment that something was done. What needs an answer belongs elsewhere. */
export function toast(text: string): void {
  made += 1;
  const message = { id: made, text };
  messages.set([...messages.value.slice(-2), message]);
  setTimeout(() => messages.set(messages.value.filter((one) => one !== message)), SHOWN_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {useStore(messages).map(({ id, text }) => (
        <div key={id} class="toast">
          {text}
        </div>
      ))}
    </div>
  );
}
