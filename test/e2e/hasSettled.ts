/** Run in the page: it is in these colours, and none of them is changing any more. */
export const hasSettled = (wanted: string): boolean =>
  document.documentElement.dataset['mantineColorScheme'] === wanted &&
  !document.getAnimations().some((animation) => animation instanceof CSSTransition);
