/**
 * For what is not a control and yet must be reached by keyboard: a box that scrolls,
 * or a mark whose tooltip says more.
 */
export const focusable = { tabIndex: 0 } as const;
