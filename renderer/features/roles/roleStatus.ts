/** Who uses the window now, and the dialog that makes an administrator of them. */
import { create } from 'zustand';
import type { RoleStatus } from '../../../shared/model/role.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, refreshShown, useResource } from '../../resources.ts';

export const useUnlocking = create<{ readonly open: boolean }>(() => ({ open: false }));

export const openUnlock = (): void => useUnlocking.setState({ open: true });
export const closeUnlock = (): void => useUnlocking.setState({ open: false });

export const useRole = (): RoleStatus | null => useResource(readings.role()).data;

/** What is refused or offered by role is read again. */
export async function roleChanged(): Promise<void> {
  await refresh(readings.role());
  refreshShown();
}

export async function lockAgain(): Promise<void> {
  await backend().roles.lock();
  await roleChanged();
}
