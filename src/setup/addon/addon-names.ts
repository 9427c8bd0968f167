/** The addon that Node loads, and the one linked to TensorFlow, which that one loads. */
export const addonNames = { loader: 'tfjs_binding.node', linked: 'tfjs_tensorflow.so' } as const;
