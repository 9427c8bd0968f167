import { add, broadcastTo, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { attentionParameters, multiHeadAttention } from '../../layers/attention.js';
import { denseParameters } from '../../layers/dense.js';
import { layerNorm, normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import { feedForward, feedForwardParameters } from '../layers/feed-forward.js';
import { type Design, type DesignOptions, designParameters, standardNormal, staticDesign } from './design.js';

export interface GeneratorOptions extends Omit<DesignOptions, 'inputs'> {
  /** Width of the tokens that the design depends on: words of a question. */
  readonly conditionWidth: number;
  /** Of the attention to them; divides the width. */
  readonly heads: number;
  /** Hidden units of the feed-forward layer, in widths. */
  readonly expansion: number;
}

/** The table of a static design, and `<name>/generator/{queries,input,norms,attention,feed-forward,codes,signatures}`. */
export function generatedDesignParameters(
  name: string,
  options: GeneratorOptions,
): Readonly<Record<string, ParameterSpec>> {
  const { width, conditionWidth, expansion, processors, readOuts, signatures } = options;
  const at = `${name}/generator`;
  return {
    ...designParameters(name, options),
    [`${at}/queries`]: { shape: [processors + readOuts, width], initializer: standardNormal },
    ...denseParameters(`${at}/input`, conditionWidth, width),
    ...normParameters(`${at}/norm`, width),
    ...normParameters(`${at}/input-norm`, width),
    ...attentionParameters(`${at}/attention`, width),
    ...feedForwardParameters(`${at}/feed-forward`, { width, expansion, codes: undefined, layerScale: null }),
    ...changeParameters(`${at}/codes`, width, width),
    ...(signatures && changeParameters(`${at}/signatures`, width, signatures.width)),
  };
}

/** What changes the table begins at zero: training starts from the static circuit. */
function changeParameters(
  name: string,
  inputs: number,
  outputs: number,
): Readonly<Record<string, ParameterSpec>> {
  const initializer = { kind: 'constant', value: 0 } as const;
  return {
    [`${name}/kernel`]: { shape: [inputs, outputs], initializer },
    [`${name}/bias`]: { shape: [outputs], initializer },
  };
}

/**
 * A design for every example: the static one, changed by what the example's condition `[batch, tokens, conditionWidth]`
 * says. One query per module reads the condition; linear layers make changes of its code and signature of that. Weiss
 * et al. (2022) describe such a generator without giving its layers: these are ours.
 */
export function generateDesign(
  parameters: TensorMap,
  name: string,
  condition: Tensor,
  { heads }: Pick<GeneratorOptions, 'heads'>,
): Design {
  const at = `${name}/generator`;
  const fixed = staticDesign(parameters, name);
  const queries = parameters[`${at}/queries`]!;
  const [modules, width] = queries.shape as [number, number];
  const processors = fixed.codes.shape[0]!;
  const asked = broadcastTo(queries, [condition.shape[0]!, modules, width]);
  const told = linear(condition, parameters[`${at}/input/kernel`]!, parameters[`${at}/input/bias`]!);
  const context = layerNorm(parameters, `${at}/input-norm`, told);
  const query = layerNorm(parameters, `${at}/norm`, asked);
  const heard = multiHeadAttention(parameters, `${at}/attention`, [query, context, context], { heads });
  const states = feedForward(parameters, `${at}/feed-forward`, add(asked, heard), queries, {
    dropPath: 0,
    random: undefined,
    salt: 0,
  });
  const change = (table: Tensor | undefined, what: 'codes' | 'signatures', first: number) => {
    if (table === undefined) return undefined;
    const own = slice(states, [0, first, 0], [-1, table.shape[0]!, -1]);
    return add(table, linear(own, parameters[`${at}/${what}/kernel`]!, parameters[`${at}/${what}/bias`]!));
  };
  return {
    codes: change(fixed.codes, 'codes', 0)!,
    signatures: change(fixed.signatures, 'signatures', 0),
    readOutCodes: change(fixed.readOutCodes, 'codes', processors)!,
    readOutSignatures: change(fixed.readOutSignatures, 'signatures', processors),
  };
}
