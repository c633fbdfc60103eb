import type { ComponentChildren } from 'preact';
import { ApiError } from '../api/error.ts';
import { Button } from './button.tsx';
import { type Icon, RefreshIcon, WarningIcon } from './icons.tsx';

/** Stands where text will be, at its size. */
export function Skeleton({ width = '100%', height = 14 }: { readonly width?: string; readonly height?: number }) {
  return <span class="skeleton" style={{ width, height: `${height}px` }} aria-hidden="true" />;
}

/** Lines of different length, as text will be. */
export function SkeletonLines({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div class="stack" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} width={`${90 - ((index * 17) % 45)}%`} />
      ))}
    </div>
  );
}

/** Nothing is here: why, and what to do. */
export function Empty(props: {
  readonly title: string;
  readonly icon?: Icon;
  readonly children?: ComponentChildren;
  /** Buttons and links that help. */
  readonly actions?: ComponentChildren;
}) {
  const { title, icon: Drawing, children, actions } = props;
  return (
    <div class="empty">
      {Drawing && <Drawing size={24} />}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div class="row">{actions}</div>}
    </div>
  );
}

/** A remark across the page. */
export function Note(props: { readonly kind?: 'plain' | 'caution' | 'failure'; readonly children: ComponentChildren }) {
  const { kind = 'plain', children } = props;
  return (
    <div class={`note ${kind}`} role={kind === 'failure' ? 'alert' : undefined}>
      {kind !== 'plain' && <WarningIcon />}
      <div>{children}</div>
    </div>
  );
}

/** Something failed: what, and a button that tries again. */
export function ErrorNote(props: {
  readonly error: unknown;
  /** What could not be had, where several things can fail: "The events could not be loaded." */
  readonly what?: string;
  readonly onRetry?: (() => void) | undefined;
}) {
  const { error, what, onRetry } = props;
  const known = error instanceof ApiError ? error : undefined;
  return (
    <Note kind="failure">
      <div class="row spread">
        <div>
          {what && <strong>{what} </strong>}
          {known?.message ?? 'Something went wrong in this page. Load it again.'}
          {known && known.problems.length > 0 && (
            <ul>
              {known.problems.slice(0, 10).map(({ path, message }) => (
                <li key={`${path} ${message}`}>
                  {path && <code>{path}</code>} {message}
                </li>
              ))}
            </ul>
          )}
          {known?.requestId && known.status >= 500 && <p class="small muted">Request {known.requestId}</p>}
        </div>
        {onRetry && (
          <Button compact icon={<RefreshIcon />} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </Note>
  );
}
