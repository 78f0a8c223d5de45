import { useEffect, useState } from 'react';

/** Gives the focus back when the calling dialog goes: to what had it, or to the button of the menu that was used. */
export function useReturnFocus(): void {
  const [opener] = useState(findOpener);
  useEffect(() => () => restoreFocus(opener), [opener]);
}

/** For a control that goes while it has the focus: the page's heading takes it. */
export function useFocusFallback(): void {
  useEffect(() => () => restoreFocus(null), []);
}

function findOpener(): HTMLElement | null {
  const active = document.activeElement;
  const menuButton = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby') ?? null;
  const opener = menuButton === null ? active : document.getElementById(menuButton);
  return opener instanceof HTMLElement && opener !== document.body ? opener : null;
}

function restoreFocus(opener: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const active = document.activeElement;
    if (active !== null && active !== document.body) return;
    const heading = document.querySelector<HTMLElement>('main h1');
    (standing(opener) ?? heading)?.focus({ preventScroll: true });
  });
}

/** The opener, or what stands for it now: its row may have been drawn anew at another place. */
function standing(opener: HTMLElement | null): HTMLElement | null {
  if (opener === null || opener.isConnected) return opener;
  const label = opener.getAttribute('aria-label');
  return label === null ? null : document.querySelector<HTMLElement>(`main [aria-label="${CSS.escape(label)}"]`);
}
