import type { NamedArrays } from '../../engine/engine.js';
import { drawn } from '../environments/draws.js';
import { batchLabels } from './algorithms.js';
import { type Draws, type Plan, renamed, rows, type Scalars } from './plan.js';

const disguised = renamed((name) => name.replace('embeddings/', 'discriminator/'));

/** Of whose turn it is. */
const turnLoss = ({ gen_loss, disc_loss }: Scalars) => gen_loss ?? disc_loss!;
const narrow = { width: 6 };
const penalised = { ...narrow, gradient_penalty: 1, discriminator_steps: 2 };

const copies = { 'adversary/kernel': 'read-out/kernel', 'adversary/bias': 'read-out/bias' };
const projected = { delta: 0.1, adversary_rate: 0.1, adversary_steps: 5 };
const descent = { name: 'sgd', momentum: 0 };

const late = { anneal: 3, alignment: 0.1 };
const trm = {
  state: { alpha: 'objective/alpha' },
  translate: renamed((name) => name.replace(/^head/, 'objective/head')),
  loss: ({ nll, trm_loss }: Scalars) => nll! + trm_loss!,
};

const mixing = { ...narrow, depth: 3 };
const adrmx = {
  optimizer: { learning_rate: 3e-3 },
  translate: renamed((name) => name.replace(/^label\//, '')),
  draws: lotsOf,
  loss: ({ loss_total, loss_disc }: Scalars) => loss_total ?? loss_disc!,
};

const seeing = { width: 3 };
const moments = ['norm1/mean', 'norm1/variance', 'norm2/mean', 'norm2/variance'];
const arm = {
  images: true,
  state: Object.fromEntries(moments.map((name) => [name, `objective/context/${name}`])),
};

/** How algorithms that make updates of their own are trained, by name and variant. */
export const stepPlans: Readonly<Record<string, Plan>> = {
  and_mask: {},
  'and_mask, lenient': { objective: { tau: 0.3 } },
  sand_mask: {},
  'sand_mask, smooth': { objective: { tau: 0.2, k: 1e-3 } },
  iga: { loss: ({ loss, penalty }) => loss! + 1000 * penalty! },
  fish: {},
  mldg: {},
  'mldg, one_meta_test': { objective: { tests: 1 } },
  dann: { objective: narrow, loss: turnLoss },
  'dann, penalised': { objective: penalised, loss: turnLoss },
  cdann: { objective: narrow, loss: turnLoss, translate: disguised },
  'cdann, penalised': { objective: penalised, loss: turnLoss, translate: disguised },
  sagnet: { loss: ({ loss_c }) => loss_c! },
  urm: { objective: narrow },
  transfer: { copies },
  'transfer, projected': { objective: projected, copies },
  'transfer, gda_faithful': { objective: { trains: 'adversary' }, copies },
  'transfer, gda_corrected': { optimizer: descent, copies },
  erm_plus_plus: { objective: { warmup_steps: 2, average_from: 4 } },
  'trm, faithful': { ...trm, objective: { ...late, slips: true } },
  'trm, corrected': { ...trm, objective: late },
  'adrmx, faithful': { ...adrmx, objective: { ...mixing, pairs: 'places' } },
  'adrmx, corrected': { ...adrmx, objective: mixing },
  'arm, faithful': {
    ...arm,
    objective: { ...seeing, train_context: false },
    translate: renamed((name) => name.replace(/^context/, 'objective/context')),
  },
  'arm, corrected': { ...arm, objective: seeing },
  'arm, vectors': { objective: { context: 2, width: 5 } },
};

/** Lots that lead to the pairs of rows of the classes that have two rows or more. */
function lotsOf({ pairs }: Draws, t: number): NamedArrays {
  const labels = batchLabels(t);
  const left = [...(pairs as readonly (readonly [number, number])[])];
  const chosen = [0, 1, 2].map((k) =>
    labels.filter((label) => label === k).length > 1 ? left.shift()! : [],
  );
  const lots = (side: 0 | 1) =>
    chosen.map((pair) => labels.map((_, row) => (row === pair[side] ? 0.75 : 0.25)));
  return { [drawn.first]: rows(lots(0)), [drawn.second]: rows(lots(1)) };
}
