import { useEffect } from 'react';

/**
 * A button is disabled while what it has begun goes on, and the browser then takes the focus from it: it gets it back
 * afterwards, unless the person has gone elsewhere.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    const observer = new MutationObserver(() => {
      if (last?.matches(':enabled') && document.activeElement === document.body) last.focus({ preventScroll: true });
    });
    const remember = ({ target }: FocusEvent): void => {
      observer.disconnect();
      last = target instanceof HTMLButtonElement ? target : null;
      if (last !== null) observer.observe(last, { attributes: true, attributeFilter: ['disabled'] });
    };
    document.addEventListener('focusin', remember);
    return () => {
      document.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
}
