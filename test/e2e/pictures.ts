/** Pictures small enough to compare: what stands where and in which colours, not how a letter was drawn. */
import type { Page } from 'playwright-core';

/** Of the small picture; a cell is eight pixels wide and high on a screen of 1280×800. */
export const grid = { width: 160, height: 100 } as const;

/** Of 255: less than that a font or a number of other length may change in a cell. */
const tolerance = 16;

/** Cells of the screen, as a PNG and as their red, green and blue. */
export interface Picture {
  readonly png: Buffer;
  readonly cells: readonly number[];
}

/** @param canvas a blank page that draws */
export async function takePicture(page: Page, canvas: Page): Promise<Picture> {
  const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const { url, cells } = await draw(canvas, shot);
  return { png: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'), cells };
}

export const readPicture = async (canvas: Page, png: Buffer): Promise<Picture> => ({
  png,
  cells: (await draw(canvas, png)).cells,
});

const draw = (canvas: Page, png: Buffer): Promise<{ url: string; cells: number[] }> =>
  canvas.evaluate(
    async ({ source, width, height }) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const element = document.createElement('canvas');
      Object.assign(element, { width, height });
      const context = element.getContext('2d');
      if (context === null) throw new Error('This browser draws nothing');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      return { url: element.toDataURL('image/png'), cells: [...data].filter((_, index) => index % 4 !== 3) };
    },
    { source: `data:image/png;base64,${png.toString('base64')}`, ...grid },
  );

/** Number of cells that look otherwise. */
export function differingCells(one: Picture, other: Picture): number {
  const differs = (cell: number): boolean =>
    [0, 1, 2].some(
      (part) => Math.abs((one.cells[3 * cell + part] ?? 0) - (other.cells[3 * cell + part] ?? 0)) > tolerance,
    );
  return Array.from({ length: grid.width * grid.height }, (_, cell) => cell).filter(differs).length;
}
