/** The role in the window's head, where one can be unlocked: a click unlocks, or locks again. */
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useCommand } from '../../commands/useCommand.ts';
import { loadedAhead } from '../../loadedAhead.ts';
import { useAction } from '../../useAction.ts';
import { lockAgain, openUnlock, roleChanged, useRole, useUnlocking } from './roleStatus.ts';
import { roleTexts as texts } from './texts.ts';

const UnlockDialog = loadedAhead(() => import('./UnlockDialog.tsx'));

export function RoleBadge() {
  const status = useRole();
  const { open } = useUnlocking();
  const locking = useAction(lockAgain);
  const until = status?.unlockedUntil ?? null;
  const canUnlock = status?.passphrase === true && until === null;
  useCommand('role.unlock', openUnlock, { enabled: canUnlock });
  useCommand('role.lock', locking.run, { enabled: until !== null });
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => void roleChanged(), Math.max(0, Date.parse(until) - Date.now()) + 500);
    return () => clearTimeout(timer);
  }, [until]);
  if (status === null || (!status.passphrase && status.role === 'administrator')) return null;
  const name = texts.names[status.role];
  return (
    <>
      {status.passphrase ? (
        <button
          type="button"
          className="role-badge push"
          title={until === null ? texts.unlockNow(name) : texts.lockNow}
          aria-label={until === null ? texts.unlockNow(name) : texts.lockNow}
          onClick={until === null ? openUnlock : locking.run}
        >
          {until === null ? <IconLock size={13} aria-hidden="true" /> : <IconLockOpen size={13} aria-hidden="true" />}
          {texts.shortNames[status.role]}
        </button>
      ) : (
        <span className="role-badge push" title={name}>
          {texts.shortNames[status.role]}
        </span>
      )}
      {open && <UnlockDialog />}
    </>
  );
}
