/** Environments from the files of other programs: choose files, see what they name, take what is wanted. */
import { Checkbox, Modal, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type Tier, tiers } from '../../../shared/model/environment.ts';
import type { ImportPreview } from '../../../shared/model/transfer.ts';
import { DialogButtons } from '../../components/DialogButtons.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { tierWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { CandidateList } from './CandidateList.tsx';
import { ImportFiles } from './ImportFiles.tsx';
import { type ChosenFile, requestOf } from './importRequest.ts';
import { importTexts as texts } from './importTexts.ts';
import './import.css';

export default function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  useReturnFocus();
  const keychain = useResource(readings.info()).data?.keychain.available === true;
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [tier, setTier] = useState<Tier | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [keep, setKeep] = useState(true);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const request = requestOf({ paths, files, tier });
  const looking = useAction(async (asked: typeof request) => {
    const found = await backend().environments.previewImport(asked);
    setPreview(found);
    announce(`${texts.found}: ${texts.connectionCount(found.candidates.length)}`);
  });
  const { run: look } = looking;
  // Reading is cheap, and changes nothing: what is chosen is looked at at once.
  useEffect(() => {
    if (paths.length + files.length === 0) setPreview(null);
    else look(requestOf({ paths, files, tier }));
  }, [paths, files, tier, look]);
  const wanted = (preview?.candidates ?? []).filter(
    ({ existing, environment }) => existing === null && !left.has(environment.name),
  );
  const adding = useAction(async () => {
    const only = wanted.map(({ environment }) => environment.name);
    const { added } = await backend().environments.import({ ...request, only, keepPasswords: keep && keychain });
    await refresh(readings.environments());
    announce(texts.added(texts.environmentCount(added.length)));
    onClose();
  });
  const problem = looking.problem ?? adding.problem;
  return (
    <Modal opened onClose={onClose} size={860} title={<strong>{texts.title}</strong>}>
      <div className="column wide import">
        <p className="second">{texts.help}</p>
        <ImportFiles paths={paths} setPaths={setPaths} files={files} setFiles={setFiles} />
        {problem !== null && <ProblemNotice problem={problem} urgent />}
        {preview !== null && <CandidateList preview={preview} left={left} setLeft={setLeft} />}
        {preview !== null && preview.candidates.length > 0 && (
          <div className="field-grid even">
            <NativeSelect
              label={texts.tier}
              value={tier ?? ''}
              onChange={(event) => setTier(tiers.find((one) => one === event.currentTarget.value) ?? null)}
              data={[
                { value: '', label: texts.tierByPlace },
                ...tiers.map((one) => ({ value: one, label: tierWords[one] })),
              ]}
            />
            {keychain && wanted.some(({ password }) => password === 'found') && (
              <Checkbox
                className="import-keep"
                checked={keep}
                onChange={(event) => setKeep(event.currentTarget.checked)}
                label={texts.keep}
                description={texts.keepHelp}
              />
            )}
          </div>
        )}
        <DialogButtons
          words={{ submit: texts.add(texts.environmentCount(wanted.length)), cancel: texts.close }}
          ready={wanted.length > 0}
          busy={adding.busy}
          onClose={onClose}
          onConfirm={adding.run}
        />
      </div>
    </Modal>
  );
}
