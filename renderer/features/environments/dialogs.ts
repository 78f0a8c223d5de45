/** Which dialog about an environment is open: opened from many places, shown once. */
import { create } from 'zustand';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';

export type EnvironmentDialog =
  | { readonly kind: 'add'; readonly url: string | null; readonly copyOf: EnvironmentSummary | null }
  /** From files that other programs keep. */
  | { readonly kind: 'import' }
  | { readonly kind: 'edit'; readonly summary: EnvironmentSummary }
  | { readonly kind: 'remove'; readonly summary: EnvironmentSummary }
  | { readonly kind: 'unlock'; readonly summary: EnvironmentSummary };

export const useDialog = create<{ readonly dialog: EnvironmentDialog | null }>(() => ({ dialog: null }));

export const openDialog = (dialog: EnvironmentDialog): void => useDialog.setState({ dialog });
export const closeDialog = (): void => useDialog.setState({ dialog: null });
export const openAddEnvironment = (): void => openDialog({ kind: 'add', url: null, copyOf: null });
export const openImport = (): void => openDialog({ kind: 'import' });
