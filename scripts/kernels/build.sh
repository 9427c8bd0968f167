#!/bin/sh
# Compiles src/engine/kernels/native/*.c to kernels.wasm (clang and wasm-ld, 14 or newer) and writes
# kernels.json beside it: the compiler, and the hashes that tell whether source and binary belong together.
set -eu
cd "$(dirname "$0")/../../src/engine/kernels/native"
# Neither vectorised nor rewritten by the compiler: the loops are laid out for the engine that compiles them again.
clang --target=wasm32 -std=c11 -O3 -msimd128 -mbulk-memory -mmutable-globals -ffreestanding -fno-builtin \
  -ffp-contract=off -fno-vectorize -fno-slp-vectorize -mllvm -disable-lsr -Wall -Wextra -Werror -nostdlib \
  -Wl,--no-entry,--import-memory,--export=__stack_pointer,--strip-all \
  -o kernels.wasm ./*.c
cat >kernels.json <<END
{
  "compiler": "$(clang --version | head -n 1)",
  "source": "$(LC_ALL=C cat ./*.c ./*.h | sha256sum | cut -d ' ' -f 1)",
  "binary": "$(sha256sum kernels.wasm | cut -d ' ' -f 1)"
}
END
ls -l kernels.wasm
