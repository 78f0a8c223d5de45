import type { ApplicationInfo } from '../../../shared/contract/views.ts';
import { Mark } from '../../components/Mark.tsx';
import { settingsTexts as texts } from './texts.ts';

/** Where passwords are kept, and whether that works. */
export function Keychain({ keychain: { available, reason } }: Pick<ApplicationInfo, 'keychain'>) {
  return available ? (
    <div className="column">
      <Mark mark={{ glyph: '✓', word: texts.keychainWorks, tone: 'ok' }} />
      <p className="second">{texts.keychainKeeps}</p>
    </div>
  ) : (
    <div className="column">
      <Mark mark={{ glyph: '▲', word: texts.noKeychain, tone: 'attention' }} />
      <p className="second">{reason ?? texts.noReason}</p>
      <p className="second">{texts.askedEachSession}</p>
    </div>
  );
}
