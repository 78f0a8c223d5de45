/** Keeps the window where a person can reach it: displays come and go, and what Electron remembers may lie on none. */
import { type BrowserWindow, type Rectangle, screen } from 'electron';

/** Pixels of the title bar that must lie on a display to take hold of the window. */
const graspable = { width: 120, height: 32 };

export function keepReachable(window: BrowserWindow): void {
  const correct = (): void => {
    if (window.isDestroyed() || window.isMaximized() || window.isFullScreen()) return;
    const reachable = reachableBounds(
      window.getBounds(),
      screen.getAllDisplays().map(({ workArea }) => workArea),
      screen.getPrimaryDisplay().workArea,
    );
    if (reachable !== null) window.setBounds(reachable);
  };
  window.on('persisted-state-restored', correct);
  window.once('ready-to-show', correct);
  screen.on('display-removed', correct);
  screen.on('display-metrics-changed', correct);
  window.once('closed', () => {
    screen.off('display-removed', correct);
    screen.off('display-metrics-changed', correct);
  });
}

/** Null: it can stay. Else in the middle of the primary display, no larger than that. */
export function reachableBounds(
  bounds: Rectangle,
  workAreas: readonly Rectangle[],
  primary: Rectangle,
): Rectangle | null {
  if (workAreas.some((area) => titleBarIsOn(bounds, area))) return null;
  const width = Math.min(bounds.width, primary.width);
  const height = Math.min(bounds.height, primary.height);
  return {
    x: primary.x + Math.round((primary.width - width) / 2),
    y: primary.y + Math.round((primary.height - height) / 2),
    width,
    height,
  };
}

function titleBarIsOn({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const shown = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return shown >= graspable.width && y >= area.y && y + graspable.height <= area.y + area.height;
}
