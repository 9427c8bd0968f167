import { HeldoutError } from '../../../core/errors.js';
import type { BadImage } from './decoded-cache.js';
import type { ListedImage } from './list-images.js';

/** Images without those that cannot be used; throws HeldoutError where there are such and `skip` does not let them go. */
export function leaveOut<Image extends Pick<ListedImage, 'path'>>(
  images: readonly Image[],
  bad: readonly BadImage[],
  skip: boolean | undefined,
  folder: string,
): readonly Image[] {
  if (bad.length === 0) return images;
  const names = new Set(bad.map(({ path }) => path));
  const kept = images.filter(({ path }) => !names.has(path));
  if (skip === true && kept.length > 0) return kept;
  throw new HeldoutError({
    code: 'E_DATA_FILE',
    message: `${bad.length} of ${images.length} images cannot be used: ${nameBad(bad)}`,
    place: folder,
    hints: ['get them again from their source, or remove them', 'dataset.skip_corrupt=true leaves them out'],
    exitCode: 1,
  });
}

/** What was left out, in a sentence; none where nothing was. */
export function noteLeftOut(total: number, bad: readonly BadImage[]): readonly string[] {
  return bad.length === 0 ? [] : [`${bad.length} of ${total} images are left out: ${nameBad(bad)}`];
}

function nameBad(bad: readonly BadImage[]): string {
  const shown = bad.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`);
  return `${shown.join(', ')}${bad.length > 3 ? ', ...' : ''}`;
}
