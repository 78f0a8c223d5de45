/** Settings as a file for another computer, and from one. */
import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SettingsLayers } from '../../../shared/model/settings.ts';
import type { ImportedLayer, ImportPreview } from '../../../shared/model/transfer.ts';
import { DialogButtons } from '../../components/DialogButtons.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { formatNumber } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { saveText } from '../../saveText.ts';
import { tierWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { settingGroups, valueAt, wordsOf } from './layerFields.ts';
import { settingsTexts as texts } from './texts.ts';
import { offerUndo } from './UndoButton.tsx';

interface TransferProps {
  readonly layers: SettingsLayers;
  readonly hostName: string;
}

export function Transfer({ layers, hostName }: TransferProps) {
  const [importing, setImporting] = useState(false);
  const [told, setTold] = useState<readonly string[]>([]);
  const exporting = useAction(async () => {
    const { text, environments, leftOut } = await backend().environments.export();
    saveText(texts.exportName, text, 'application/json');
    const written = texts.exported(texts.environments2(environments.length));
    setTold(leftOut.length === 0 ? [written] : [written, texts.leftOut(leftOut.join(', '))]);
  });
  return (
    <div className="column">
      <p className="second">{texts.movingHelp}</p>
      <div className="row">
        <Button size="xs" variant="default" loading={exporting.busy} onClick={exporting.run}>
          {texts.export}
        </Button>
        <Button size="xs" variant="default" onClick={() => setImporting(true)}>
          {texts.import}
        </Button>
      </div>
      <div className="column small second" role="status">
        {told.map((line) => (
          <p key={line} className="wrap">
            {line}
          </p>
        ))}
      </div>
      {exporting.problem !== null && <ProblemNotice problem={exporting.problem} urgent />}
      {importing && <ImportDialog layers={layers} hostName={hostName} onClose={() => setImporting(false)} />}
    </div>
  );
}

const request = (file: string) => ({ pgpass: false, pgService: false, myCnf: false, file, tier: null });

function ImportDialog({ layers, hostName, onClose }: TransferProps & { readonly onClose: () => void }) {
  useReturnFocus();
  const [file, setFile] = useState('');
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [environments, setEnvironments] = useState(false);
  const looking = useAction(async () => setPreview(await backend().environments.previewImport(request(file.trim()))));
  const adding = useAction(async () => {
    await backend().environments.import({ ...request(file.trim()), settings: true, environments });
    await Promise.all([refresh(readings.settings()), refresh(readings.environments())]);
    if (preview !== null && preview.settings.length > 0)
      offerUndo(texts.imported, () => putBack(layers, preview.settings));
    onClose();
  });
  const fresh = preview?.candidates.filter(({ existing }) => existing === null).length ?? 0;
  const problem = looking.problem ?? adding.problem;
  return (
    <Modal opened onClose={onClose} size="lg" title={<strong>{texts.importing}</strong>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          looking.run();
        }}
      >
        <div className="row end-aligned">
          <TextInput
            className="fill"
            label={texts.file}
            description={texts.fileHelp(hostName)}
            value={file}
            onChange={(event) => {
              setFile(event.currentTarget.value);
              setPreview(null);
            }}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
          />
          <Button type="submit" variant="default" disabled={file.trim() === ''} loading={looking.busy}>
            {texts.look}
          </Button>
        </div>
        {problem !== null && <ProblemNotice problem={problem} urgent />}
        {preview !== null && <Additions settings={preview.settings} fresh={fresh} />}
        {fresh > 0 && (
          <Checkbox
            checked={environments}
            onChange={(event) => setEnvironments(event.currentTarget.checked)}
            label={texts.withEnvironments(formatNumber(fresh))}
            description={texts.passwordsLater}
          />
        )}
        <DialogButtons
          words={{ submit: texts.add, cancel: texts.cancel }}
          ready={preview !== null && (preview.settings.length > 0 || environments)}
          busy={adding.busy}
          onClose={onClose}
          onConfirm={adding.run}
        />
      </form>
    </Modal>
  );
}

function Additions({ settings, fresh }: { settings: readonly ImportedLayer[]; fresh: number }) {
  if (settings.length === 0) return fresh > 0 ? null : <p role="status">{texts.nothingToAdd}</p>;
  return (
    <section className="column" aria-label={texts.wouldAdd} role="status">
      <strong>{texts.wouldAdd}</strong>
      <ul className="bullets">
        {settings.flatMap(({ scope, values }) =>
          settingGroups
            .flatMap(({ fields }) => fields)
            .filter((field) => valueAt(values, field.path) !== undefined)
            .map((field) => (
              <li key={`${scope} ${field.label}`}>
                {texts.fieldOf(field.label, scope === 'workspace' ? texts.workspace : tierWords[scope])}:{' '}
                <strong>{wordsOf(field, valueAt(values, field.path))}</strong>
              </li>
            )),
        )}
      </ul>
    </section>
  );
}

/** What these layers said before. */
async function putBack(before: SettingsLayers, changed: readonly ImportedLayer[]): Promise<void> {
  for (const { scope } of changed)
    await backend().settings.set({
      layer:
        scope === 'workspace'
          ? { scope: { kind: 'workspace' }, values: before.workspace }
          : { scope: { kind: 'tier', tier: scope }, values: before.tiers[scope] ?? {} },
    });
  await Promise.all([refresh(readings.settings()), refresh(readings.environments())]);
}
