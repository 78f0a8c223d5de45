import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { MigrationStatus } from '../../../shared/model/history.ts';
import type { RepairAction } from '../../../shared/model/repair.ts';
import type { MigrationDetail } from '../../../shared/model/status.ts';
import { formatRoute } from '../../router.ts';
import { repairWords } from '../../texts.ts';
import { migrationTexts as texts } from './texts.ts';

/** What could be said of a migration in this state without running it; the page that opens tells whether its tool can. */
const corrections: Readonly<Record<MigrationStatus, readonly RepairAction[]>> = {
  pending: ['markApplied', 'baseline', 'force'],
  applied: ['markReverted', 'force'],
  failed: ['markApplied', 'markReverted', 'removeFailed'],
  interrupted: ['markApplied', 'markReverted', 'removeFailed'],
  changed: ['updateChecksum', 'markReverted'],
  missing: ['markReverted'],
  outOfOrder: ['markApplied'],
  outdated: ['markApplied'],
  baseline: ['markReverted'],
  ignored: [],
  reverted: ['markApplied'],
};

export function CorrectionMenu({ detail, environmentId }: { detail: MigrationDetail; environmentId: string }) {
  const actions = corrections[detail.status];
  if (actions.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={texts.correctTheHistoryOf(detail.version)}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{texts.inTheHistoryOnlyNothing}</Menu.Label>
        {actions.map((action) => (
          <Menu.Item
            key={action}
            component="a"
            href={formatRoute({
              screen: 'repair',
              id: environmentId,
              requests: [{ action, version: detail.version }],
            })}
          >
            {repairWords[action].ask}…
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
