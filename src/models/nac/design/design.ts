import { add, mul, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { randomUniform } from '../../../engine/ops/random-uniform.js';
import type { Initializer, ParameterSpec } from '../../model.js';

/**
 * A circuit design: what each module computes (code) and whom it hears (signature). The same for all examples, or with
 * a batch axis in front where it is generated for each of them.
 */
export interface Design {
  /** `[processors, width]`, also what the processors start from. */
  readonly codes: Tensor;
  /** `[processors, signatureWidth]`; none in a circuit whose modules hear all others. */
  readonly signatures: Tensor | undefined;
  readonly readOutCodes: Tensor;
  readonly readOutSignatures: Tensor | undefined;
  /** `[inputs, width]`, of those that read the input where processors do not do so by their own codes. */
  readonly inputCodes?: Tensor | undefined;
  /** Where they are linked to processors. */
  readonly inputSignatures?: Tensor | undefined;
}

export interface DesignOptions {
  readonly width: number;
  readonly processors: number;
  readonly readOuts: number;
  /** Modules that read the input by codes of their own, and whether they have signatures; none unless told. */
  readonly inputs?: { readonly count: number; readonly linked: boolean } | undefined;
  /** Where modules are linked by signatures. */
  readonly signatures?: { readonly width: number; readonly initializer: Initializer } | undefined;
  /** Whether they are learned; unless told, they are. */
  readonly learned?: { readonly codes: boolean; readonly signatures: boolean };
}

export const standardNormal: Initializer = { kind: 'normal', deviation: 1 };

/** `<name>/{processors,read-outs,inputs}/{codes,signatures}`, the table that a static design is. */
export function designParameters(
  name: string,
  { width, processors, readOuts, inputs, signatures, learned }: DesignOptions,
): Readonly<Record<string, ParameterSpec>> {
  const fixed = (what: 'codes' | 'signatures') => (learned?.[what] === false ? { trained: false } : {});
  const codes = (of: string, count: number) => ({
    [`${name}/${of}/codes`]: { shape: [count, width], initializer: standardNormal, ...fixed('codes') },
  });
  const signaturesOf = (of: string, count: number, initializer = standardNormal) =>
    signatures && {
      [`${name}/${of}/signatures`]: {
        shape: [count, signatures.width],
        initializer,
        decayed: false,
        ...fixed('signatures'),
      },
    };
  return {
    ...codes('processors', processors),
    ...codes('read-outs', readOuts),
    ...(inputs && codes('inputs', inputs.count)),
    ...signaturesOf('processors', processors, signatures?.initializer),
    ...signaturesOf('read-outs', readOuts),
    ...(inputs?.linked === true && signaturesOf('inputs', inputs.count)),
  };
}

export function staticDesign(parameters: TensorMap, name: string): Design {
  return {
    codes: parameters[`${name}/processors/codes`]!,
    signatures: parameters[`${name}/processors/signatures`],
    readOutCodes: parameters[`${name}/read-outs/codes`]!,
    readOutSignatures: parameters[`${name}/read-outs/signatures`],
    inputCodes: parameters[`${name}/inputs/codes`],
    inputSignatures: parameters[`${name}/inputs/signatures`],
  };
}

/**
 * All codes times uniform noise between 1 − scale and 1 + scale, the same for all examples of a step.
 * @param salt Names the first of three draws.
 */
export function disturbCodes(
  design: Design,
  scale: number,
  random: Tensor | undefined,
  salt: number,
): Design {
  if (scale === 0 || random === undefined) return design;
  const disturb = (codes: Tensor, place: number) => {
    const noise = randomUniform(codes.shape, random, salt + place);
    return mul(codes, add(mul(noise, 2 * scale), 1 - scale));
  };
  return {
    ...design,
    codes: disturb(design.codes, 0),
    readOutCodes: disturb(design.readOutCodes, 1),
    inputCodes: design.inputCodes && disturb(design.inputCodes, 2),
  };
}
