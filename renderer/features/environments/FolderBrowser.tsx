/** Chooses a folder of the computer Lockkeeper runs on, where there is no native dialog. */
import { Button, Loader, Modal, TextInput, UnstyledButton } from '@mantine/core';
import { IconArrowUp, IconFolder } from '@tabler/icons-react';
import { useState } from 'react';
import type { FolderListing } from '../../../shared/contract/views.ts';
import { DialogButtons } from '../../components/DialogButtons.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { type Reading, useResource } from '../../resources.ts';
import { connectionTexts as texts } from './texts.ts';

interface FolderBrowserProps {
  /** What is chosen. */
  readonly title?: string;
  readonly start: string | null;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

const listingOf = (path: string | null): Reading<FolderListing> => ({
  key: `folders:${path ?? ''}`,
  read: () => backend().application.folders({ path }),
});

export default function FolderBrowser({
  title = texts.chooseTheMigrationFolder,
  start,
  onChoose,
  onClose,
}: FolderBrowserProps) {
  useReturnFocus();
  const [path, setPath] = useState(start);
  const [typed, setTyped] = useState<string | null>(null);
  const { data: listing, problem, loading } = useResource(listingOf(path));
  const go = (next: string | null): void => {
    setTyped(null);
    setPath(next);
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} attributes={{ content: { 'aria-label': title } }} size="lg">
      <div className="column wide">
        <h2>{title}</h2>
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            // Not for the form this dialog was opened from.
            event.stopPropagation();
            if (typed !== null) go(typed);
          }}
        >
          <Button
            variant="default"
            aria-label={texts.parentFolder}
            disabled={listing?.parent == null}
            onClick={() => go(listing?.parent ?? null)}
          >
            <IconArrowUp size={16} />
          </Button>
          <TextInput
            className="fill"
            aria-label={texts.path}
            value={typed ?? listing?.path ?? path ?? ''}
            onChange={(event) => setTyped(event.currentTarget.value)}
            spellCheck={false}
            data-autofocus
          />
        </form>
        {problem !== null && (
          <ProblemNotice
            problem={problem}
            actions={
              <Button size="xs" variant="default" onClick={() => go(null)}>
                {texts.goToTheHomeFolder}
              </Button>
            }
          />
        )}
        <div className="folder-list" aria-busy={loading}>
          {listing === null && loading && <Loader size="sm" aria-label={texts.readingTheFolder} />}
          <ul aria-label={texts.folders}>
            {listing?.folders.map((folder) => (
              <li key={folder.path}>
                <UnstyledButton className="folder" onClick={() => go(folder.path)}>
                  <IconFolder size={16} aria-hidden="true" />
                  {folder.name}
                </UnstyledButton>
              </li>
            ))}
          </ul>
          {listing !== null && listing.files.length > 0 && (
            <ul className="dim" aria-label={texts.files}>
              {listing.files.map((file) => (
                <li key={file} className="file">
                  {file}
                </li>
              ))}
            </ul>
          )}
          {listing !== null && listing.folders.length + listing.files.length === 0 && (
            <p className="dim">{texts.thisFolderIsEmpty}</p>
          )}
        </div>
        <DialogButtons
          words={{ submit: texts.useThisFolder, cancel: texts.cancel }}
          ready={listing !== null}
          onClose={onClose}
          onConfirm={() => listing !== null && onChoose(listing.path)}
        />
      </div>
    </Modal>
  );
}
