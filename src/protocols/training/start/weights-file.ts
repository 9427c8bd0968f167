import { HeldoutError } from '../../../core/errors.js';
import { hashFile } from '../../../datasets/downloads/fetch-file.js';
import { findNamedFile } from '../../../datasets/tabular/open-table.js';

export const weightsKey = 'model.weights';

/**
 * The file of weights that a model names, from the data folder where that is relative. Throws HeldoutError where there is
 * none, or another one than the SHA-256 says.
 */
export async function findWeights(
  {
    weights,
    weights_sha256: wanted,
  }: { readonly weights?: string | null | undefined; readonly weights_sha256?: string | undefined },
  dataFolder: string,
): Promise<{ readonly path: string; readonly sha256: string }> {
  if (weights == null) throw new Error('the model names no weights');
  const path = findNamedFile(weights, dataFolder, weightsKey, 'NAME.safetensors');
  const sha256 = await hashFile(path);
  if (wanted === undefined || wanted === sha256) return { path, sha256 };
  throw new HeldoutError({
    code: 'E_WEIGHTS_CHANGED',
    message: `${path} is not the file that was asked for: its SHA-256 is ${sha256}, not ${wanted}`,
    place: `${weightsKey}_sha256`,
    hints: [
      'put the file back that was there',
      'or type the command that started the study again: it takes the file as it is, in runs of its own',
    ],
  });
}
