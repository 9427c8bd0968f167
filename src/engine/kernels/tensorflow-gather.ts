import {
  backend_util,
  GatherV2,
  registerKernel,
  scalar,
  type Tensor,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { DataType, dataTypeOf, tensorFlow } from '../backends/tensorflow-backend.js';
import { attribute, typeAttribute } from '../compiled/graph/graph.js';

/**
 * Gathers without a look at the indices in JavaScript, which TF.js's own kernel takes: a graph could not repeat it.
 * On a CPU TensorFlow itself refuses indices that are out of range.
 */
export function registerGather(): void {
  unregisterKernel(GatherV2, 'tensorflow');
  registerKernel({
    kernelName: GatherV2,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, indices } = inputs as { x: Tensor; indices: Tensor };
      const { axis, batchDims } = attrs as { readonly axis: number; readonly batchDims: number };
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
      const axisTensor = scalar(axis, 'int32');
      const attributes = [
        attribute('batch_dims', 'int', batchDims),
        typeAttribute('Tparams', dataTypeOf(x.dtype)),
        typeAttribute('Tindices', dataTypeOf(indices.dtype)),
        typeAttribute('Taxis', DataType.int32),
      ];
      const result = tensorFlow().executeSingleOutput(GatherV2, attributes, [x, indices, axisTensor]);
      axisTensor.dispose();
      return result;
    },
  });
}
