/** Code that is loaded when it is needed, or before, while nobody waits for anything. */
import { type ComponentType, createElement, lazy, type ReactNode, useState } from 'react';

const waiting: (() => Promise<unknown>)[] = [];

/**
 * As React's `lazy`, and drawn at once where its code has come already: `lazy` always shows what stands in first, and
 * React then keeps that for 300 ms.
 */
export function loadedAhead<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): (props: P) => ReactNode {
  let loaded: ComponentType<P> | null = null;
  const loadOnce = async () => {
    const { default: component } = await load();
    loaded = component;
    return { default: component };
  };
  const Waited = lazy(loadOnce);
  waiting.push(loadOnce);
  return function LoadedAhead(props) {
    const [Shown] = useState<ComponentType<P>>(() => loaded ?? Waited);
    return createElement(Shown, props);
  };
}

/** Loads one after the other, each when the window has nothing else to do. */
export function loadAhead(): void {
  const next = waiting.shift();
  if (next === undefined) return;
  // What fails is told when it is needed, and then loaded again.
  whenIdle(() => void next().then(loadAhead, loadAhead));
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work);
  else setTimeout(work, 100);
}
