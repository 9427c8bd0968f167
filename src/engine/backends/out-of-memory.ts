/** What TensorFlow says when it runs out of memory, on a CPU and on a GPU. */
const said = /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|bad_alloc/;

export function isOutOfMemory(error: unknown): error is Error {
  return error instanceof Error && said.test(error.message);
}
