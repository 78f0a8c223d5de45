/** The one polite live region: what changed, for people who do not see it. */
import { create } from 'zustand';

const useAnnouncement = create<{ readonly words: string }>(() => ({ words: '' }));

export const announce = (words: string): void => useAnnouncement.setState({ words });

export function LiveRegion() {
  const words = useAnnouncement((state) => state.words);
  return (
    <div className="hidden-text" role="status" aria-live="polite">
      {words}
    </div>
  );
}
