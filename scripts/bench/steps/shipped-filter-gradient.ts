import {
  backend_util,
  conv2d,
  keep,
  pad,
  registerKernel,
  slice,
  type Tensor4D,
  tidy,
  transpose,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

const kernelName = 'Conv2DBackpropFilter';

/**
 * The shipped wasm backend has no filter gradient. This one is what it can do best: the image convolved with
 * the output's gradient, batch and channels exchanged, dilated by the stride. For the time of a benchmark;
 * returns how to remove it.
 */
export function registerDilatedFilterGradient(): () => void {
  registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tidy(() => {
        const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
        const {
          strides,
          pad: padding,
          filterShape,
        } = attrs as unknown as {
          strides: [number, number];
          pad: 'same' | 'valid';
          filterShape: [number, number, number, number];
        };
        const { padInfo, strideHeight, strideWidth } = backend_util.computeConv2DInfo(
          x.shape,
          filterShape,
          strides,
          1,
          padding,
        );
        const padded = pad(x, [
          [0, 0],
          [padInfo.top, padInfo.bottom],
          [padInfo.left, padInfo.right],
          [0, 0],
        ]);
        const gradient = conv2d(
          transpose(padded, [3, 1, 2, 0]) as Tensor4D,
          transpose(dy, [1, 2, 0, 3]) as Tensor4D,
          1,
          'valid',
          'NHWC',
          [strideHeight, strideWidth],
        );
        const [height, width, channels, filters] = filterShape;
        const cut = slice(gradient, [0, 0, 0, 0], [channels, height, width, filters]);
        return keep(transpose(cut, [1, 2, 0, 3]));
      }),
  });
  return () => unregisterKernel(kernelName, 'wasm');
}
