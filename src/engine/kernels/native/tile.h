// What all products share. Every product is made of 4x8 tiles in registers: four rows of A, packed together
// as a[k][4], times eight columns of B, packed as b[k][8]. Every sum has a fixed order and no instruction is
// relaxed, so that results are the same on every processor.

#pragma once

#include <wasm_simd128.h>

typedef float f32;
typedef int i32;
typedef v128_t vec;

#define EXPORT(name) __attribute__((export_name(#name)))
#define INLINE static inline __attribute__((always_inline))

#define load wasm_v128_load
#define store wasm_v128_store
#define splat wasm_v128_load32_splat
#define add wasm_f32x4_add
#define sub wasm_f32x4_sub
#define mul wasm_f32x4_mul

enum { ACCUMULATE = 1, BIAS = 2, RELU = 4 };
// A block of packed A (at most ROWS rows and, with more than four rows, BLOCK floats) stays in the second
// cache, a panel of B in the first.
enum { ROWS = 64, BLOCK = 16384, DEPTH = 256, COLUMNS = 256, SUMS = 128 };

INLINE i32 smaller(i32 a, i32 b) { return a < b ? a : b; }
INLINE i32 larger(i32 a, i32 b) { return a > b ? a : b; }
INLINE i32 round_up(i32 value, i32 unit) { return (value + unit - 1) / unit * unit; }

INLINE void copy(f32 *to, const f32 *from, i32 count) { __builtin_memcpy(to, from, (unsigned long)count * 4); }
INLINE void clear(f32 *to, i32 count) { __builtin_memset(to, 0, (unsigned long)count * 4); }

INLINE vec finish(vec value, vec before, vec bias, i32 flags) {
  if (flags & ACCUMULATE) value = add(before, value);
  if (flags & BIAS) value = add(value, bias);
  // max(value, 0) that keeps NaN, as ReLU does elsewhere
  if (flags & RELU) value = wasm_f32x4_max(value, wasm_f32x4_const_splat(0));
  return value;
}

// A block of packed rows of A times all panels of B: c[r][n] = sum over k of packed[r/4][k][r%4] * panels[n/8][k][n%8]
// (+ what is there, + bias[n], ReLU, as the flags say).
void multiply_block(i32 rows, const f32 *packed, i32 depth, const f32 *panels, i32 columns, f32 *const *c,
                    const f32 *bias, i32 flags);

INLINE void transpose(vec block[4]) {
  const vec p0 = wasm_i32x4_shuffle(block[0], block[1], 0, 4, 1, 5);
  const vec p1 = wasm_i32x4_shuffle(block[2], block[3], 0, 4, 1, 5);
  const vec p2 = wasm_i32x4_shuffle(block[0], block[1], 2, 6, 3, 7);
  const vec p3 = wasm_i32x4_shuffle(block[2], block[3], 2, 6, 3, 7);
  block[0] = wasm_i64x2_shuffle(p0, p1, 0, 2);
  block[1] = wasm_i64x2_shuffle(p0, p1, 1, 3);
  block[2] = wasm_i64x2_shuffle(p2, p3, 0, 2);
  block[3] = wasm_i64x2_shuffle(p2, p3, 1, 3);
}

// One panel, to[k][width], from a matrix whose rows are the depth; what is missing becomes zero.
INLINE void pack_rows(f32 *to, const f32 *from, i32 pitch, i32 depth, i32 columns, const i32 width) {
  for (i32 k = 0; k < depth; k++, from += pitch, to += width) {
    if (columns >= width) {
      for (i32 i = 0; i < width; i += 4) store(to + i, load(from + i));
    } else {
      for (i32 i = 0; i < width; i++) to[i] = i < columns ? from[i] : 0;
    }
  }
}

// The same from a matrix whose rows are the columns of the panel.
INLINE void pack_columns(f32 *to, const f32 *from, i32 pitch, i32 depth, i32 columns, const i32 width) {
  i32 k = 0;
  if (columns >= width) {
    for (; k + 4 <= depth; k += 4) {
      for (i32 i = 0; i < width; i += 4) {
        const f32 *row = from + i * pitch + k;
        f32 *out = to + k * width + i;
        vec block[4] = {load(row), load(row + pitch), load(row + 2 * pitch), load(row + 3 * pitch)};
        transpose(block);
        store(out, block[0]), store(out + width, block[1]);
        store(out + 2 * width, block[2]), store(out + 3 * width, block[3]);
      }
    }
  }
  for (; k < depth; k++) {
    for (i32 i = 0; i < width; i++) to[k * width + i] = i < columns ? from[i * pitch + k] : 0;
  }
}
