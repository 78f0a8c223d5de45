/** What can be done beside looking at the list: a backup with options, somebody else's dump, the retention. */
import { Button, TextInput } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { navigate } from '../../useRoute.ts';
import { PruneDialog } from './PruneDialog.tsx';
import './backups.css';
import { backupTexts as texts } from './texts.ts';

const RecordDialog = lazy(() => import('./RecordDialog.tsx'));
const BackupDialog = lazy(() => import('./BackupDialog.tsx'));

/** Null: of all environments. */
export function BackupTools({ summary }: { summary: EnvironmentSummary | null }) {
  const [open, setOpen] = useState<'backup' | 'dump' | 'record' | 'prune' | null>(null);
  const close = (): void => setOpen(null);
  return (
    <>
      {summary !== null && (
        <Button size="xs" variant="default" onClick={() => setOpen('backup')}>
          {texts.backUpWithOptions}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setOpen('dump')}>
        {texts.restoreADumpFile}
      </Button>
      {summary !== null && (
        <Button size="xs" variant="default" onClick={() => setOpen('record')}>
          {texts.recordASnapshot}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setOpen('prune')}>
        {texts.removeOldOnes}
      </Button>
      {open === 'backup' && summary !== null && (
        <Suspense>
          <BackupDialog summary={summary} onClose={close} />
        </Suspense>
      )}
      {open === 'record' && summary !== null && (
        <Suspense>
          <RecordDialog environment={summary.environment} onClose={close} />
        </Suspense>
      )}
      {open === 'dump' && <DumpDialog environmentId={summary?.environment.id ?? null} onClose={close} />}
      {open === 'prune' && <PruneDialog environment={summary?.environment ?? null} onClose={close} />}
    </>
  );
}

function DumpDialog({ environmentId, onClose }: { environmentId: string | null; onClose: () => void }) {
  const [file, setFile] = useState('');
  return (
    <DialogForm
      title={texts.restoreSomebodyElsesDump}
      size="lg"
      action={{
        run: () => {
          onClose();
          navigate({
            screen: 'restore',
            wanted: { backup: null, file: file.trim(), environmentId, placement: 'swap', into: null },
          });
        },
      }}
      ready={file.trim() !== ''}
      words={{ submit: texts.lookAtIt, cancel: texts.cancel }}
      onClose={onClose}
    >
      <TextInput
        label={texts.file}
        description={texts.absolutePathOnTheComputer}
        placeholder={texts.dumpFileExample}
        value={file}
        onChange={(event) => setFile(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
      />
      <p className="second small">{texts.aDumpCanHoldCode}</p>
    </DialogForm>
  );
}
