import { useEffect } from 'react';
import { isPlanFile, openPlanFile } from '../approval/planFile.ts';
import { bringFile } from './bring.ts';

/** A file dropped anywhere onto the window is opened as a bundle or a plan file; the window never shows the file itself. */
export function useDroppedBundles(): void {
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      void (isPlanFile(file.name) ? openPlanFile(file) : bringFile(file));
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
