import * as z from 'zod';
import { whole } from '../fields.js';

const size = z.union(
  [
    z.number().gt(0).max(1000),
    z
      .string()
      .regex(/^\d+(\.\d+)?(\/\d+)?$/, "must be a number, or a fraction such as '8/255'")
      .refine((text) => {
        const [above, below = 1] = text.split('/').map(Number);
        return above! > 0 && below > 0;
      }, 'must be above 0'),
  ],
  "must be a number above 0, or a fraction such as '8/255'",
);

/** `evaluation.attacks`: see src/evaluation/attacks. */
export const attacksSchema = z
  .strictObject({
    kinds: z
      .array(z.enum(['fgsm', 'pgd', 'apgd-ce', 'apgd-dlr', 'square']))
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'must name each kind once')
      .default(['apgd-ce', 'apgd-dlr'])
      .describe('how: by gradients (fgsm, pgd, apgd-ce, apgd-dlr), or by answers alone (square)'),
    norm: z
      .enum(['linf', 'l2'])
      .default('linf')
      .describe('what a size bounds: the change of every number, or the length of all of them'),
    sizes: z
      .union(
        [
          z.literal('assay'),
          z
            .array(size)
            .min(1)
            .refine((all) => new Set(all.map(String)).size === all.length, 'must name each size once'),
        ],
        "must be a list of sizes, each once, or 'assay'",
      )
      .optional()
      .describe(
        "largest changes of images from 0 to 1: 0.1, '8/255'; assay: those of Wenzel et al. (2022); absent: 2/255, 8/255 and 0.1 (linf), 0.5, 1 and 2 (l2)",
      ),
    steps: whole(1, 100_000).default(100).describe('steps of pgd and of the apgd kinds'),
    queries: whole(1, 1_000_000)
      .default(1000)
      .describe('images that square asks about; its authors take 5000'),
    restarts: whole(1, 1000)
      .default(1)
      .describe('attempts from random beginnings; the first that succeeds counts'),
    examples: whole(1).default(1000).describe('scored examples of every set that are attacked, at most'),
    sets: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('sets that are attacked; absent: all but train, validation and uda'),
    target: z.string().min(1).optional().describe('the target that is attacked, where several have classes'),
    save: z.boolean().default(false).describe('keep the images that fool the network: attacks.safetensors'),
  })
  .optional()
  .describe('accuracy on images that were changed to be answered wrong');
