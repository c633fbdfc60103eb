import { useEffect, useState } from 'preact/hooks';
import { Button, type ButtonProps } from './button.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';
import { toast } from './toast.tsx';

const SHOWN_MS = 1_500;

/** Copies a text, and says that it did. */
export function CopyButton(props: {
  readonly text: string | (() => string);
  /** What is copied: "Copy as JSON". */
  readonly label: string;
  readonly kind?: ButtonProps['kind'];
  /** Shows the label too, not the icon alone. */
  readonly withText?: boolean;
}) {
  const { text, label, kind = 'quiet', withText } = props;
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setDone(true);
      toast('Copied.');
    } catch {
      toast('The browser does not let this page copy. Select the text and copy it by hand.');
    }
  };
  return (
    <Button
      compact
      kind={kind}
      icon={isDone ? <CheckIcon /> : <CopyIcon />}
      {...(!withText && { label })}
      onClick={copy}
    >
      {withText ? label : undefined}
    </Button>
  );
}
