/** How the interface looks: kept for whoever uses this data directory. */
export const themes = ['system', 'light', 'dark', 'highContrast'] as const;
export const densities = ['comfortable', 'compact'] as const;

export interface Appearance {
  /** `highContrast` is light or dark as the system is; `system` takes the system's contrast, too. */
  readonly theme: (typeof themes)[number];
  readonly density: (typeof densities)[number];
}

export const usualAppearance: Appearance = { theme: 'system', density: 'comfortable' };
