import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * Puts the focus on a form's first field, and on the first that something is wrong with when the API has said so.
 *
 * @param isAsked false where the form is not what one came for.
 */
export function useFormFocus(error: unknown, isAsked = true): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const focus = (what: string) => form.current?.querySelector<HTMLElement>(what)?.focus();
  useEffect(() => {
    if (isAsked) focus('input, textarea, select');
  }, []);
  useEffect(() => {
    if (error !== undefined) focus('[aria-invalid="true"]');
  }, [error]);
  return form;
}
