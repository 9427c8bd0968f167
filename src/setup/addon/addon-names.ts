/** The addon that Node loads, and what that one loads: the one linked to TensorFlow, and our ops for two processors. */
export const addonNames = {
  loader: 'tfjs_binding.node',
  linked: 'tfjs_tensorflow.so',
  avx2: 'heldout_ops_avx2.so',
  avx512: 'heldout_ops_avx512.so',
} as const;
