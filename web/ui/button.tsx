import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon'> {
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger' | 'danger-solid';
  readonly icon?: ComponentChildren;
  /** What it does, where it shows an icon alone. */
  readonly label?: string | undefined;
  readonly compact?: boolean;
  /** It is at work: it shows so and can't be pressed again. */
  readonly busy?: boolean;
}

export function Button({ kind = 'plain', icon, label, compact, busy, children, ...rest }: ButtonProps) {
  const classes = ['button', kind, compact && 'compact', children === undefined && 'icon-only'];
  return (
    <button
      type="button"
      {...rest}
      class={classes.filter(Boolean).join(' ')}
      aria-label={label ?? rest['aria-label']}
      title={rest.title ?? label}
      aria-busy={busy}
      disabled={rest.disabled || busy}
    >
      {icon}
      {children}
    </button>
  );
}

/** Looks like a button and goes somewhere. */
export function ButtonLink(props: {
  readonly href: string;
  readonly icon?: ComponentChildren;
  readonly label?: string;
  readonly kind?: ButtonProps['kind'];
  readonly compact?: boolean;
  readonly download?: string;
  readonly children?: ComponentChildren;
}) {
  const { href, icon, label, kind = 'plain', compact, download, children } = props;
  const classes = ['button', kind, compact && 'compact', children === undefined && 'icon-only'];
  return (
    <a href={href} class={classes.filter(Boolean).join(' ')} aria-label={label} title={label} download={download}>
      {icon}
      {children}
    </a>
  );
}
