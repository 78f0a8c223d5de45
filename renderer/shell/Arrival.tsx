import { type RefObject, useEffect, useRef } from 'react';
import { shellTexts as texts } from './texts.ts';

interface ArrivalProps {
  readonly address: string;
  readonly content: RefObject<HTMLElement | null>;
}

/**
 * A new screen takes the focus to its heading, so that keyboard and screen reader start there; and once more where what
 * it shows while it reads is replaced by what it has read. Rendered with the screen, so that it waits for one that is
 * loaded first.
 */
export function Arrival({ address, content }: ArrivalProps) {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const main = content.current;
    const before = shown.current;
    shown.current = address;
    if (main === null) return;
    showTitle(main);
    if (before === null || before === address) return;
    main.scrollTo(0, 0);
    // A page that chose its own first focus keeps it.
    if (main.contains(document.activeElement) && document.activeElement !== main) return;
    headingOf(main).focus({ preventScroll: true });
    return followHeading(main);
  }, [address, content]);
  return null;
}

const headingOf = (main: HTMLElement): HTMLElement => main.querySelector<HTMLElement>('h1') ?? main;

function showTitle(main: HTMLElement): void {
  const heading = main.querySelector('h1')?.textContent;
  document.title = heading ? texts.titleOf(heading) : texts.lockkeeper;
}

/** Until the person goes elsewhere, or what is returned is called. */
function followHeading(main: HTMLElement): () => void {
  const observer = new MutationObserver(() => {
    showTitle(main);
    const active = document.activeElement;
    if (active === main || active === document.body) headingOf(main).focus({ preventScroll: true });
  });
  const leave = ({ type, target }: Event): void => {
    if (type === 'focusin' && (target === main || target === headingOf(main))) return;
    stop();
  };
  const stop = (): void => {
    observer.disconnect();
    document.removeEventListener('focusin', leave);
    document.removeEventListener('pointerdown', leave);
  };
  document.addEventListener('focusin', leave);
  document.addEventListener('pointerdown', leave);
  observer.observe(main, { childList: true, subtree: true });
  return stop;
}
