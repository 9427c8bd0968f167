import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
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
}

export interface DesignOptions {
  readonly width: number;
  readonly processors: number;
  readonly readOuts: number;
  /** Where modules are linked by signatures. */
  readonly signatures?: { readonly width: number; readonly initializer: Initializer } | undefined;
}

export const standardNormal: Initializer = { kind: 'normal', deviation: 1 };

/** `<name>/{processors,read-outs}/{codes,signatures}`, the table that a static design is. */
export function designParameters(
  name: string,
  { width, processors, readOuts, signatures }: DesignOptions,
): Readonly<Record<string, ParameterSpec>> {
  return {
    [`${name}/processors/codes`]: { shape: [processors, width], initializer: standardNormal },
    [`${name}/read-outs/codes`]: { shape: [readOuts, width], initializer: standardNormal },
    ...(signatures && {
      [`${name}/processors/signatures`]: {
        shape: [processors, signatures.width],
        initializer: signatures.initializer,
        decayed: false,
      },
      [`${name}/read-outs/signatures`]: {
        shape: [readOuts, signatures.width],
        initializer: standardNormal,
        decayed: false,
      },
    }),
  };
}

export function staticDesign(parameters: TensorMap, name: string): Design {
  return {
    codes: parameters[`${name}/processors/codes`]!,
    signatures: parameters[`${name}/processors/signatures`],
    readOutCodes: parameters[`${name}/read-outs/codes`]!,
    readOutSignatures: parameters[`${name}/read-outs/signatures`],
  };
}
