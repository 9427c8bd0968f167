#include "tile.h"

typedef struct {
  vec r00, r01, r10, r11, r20, r21, r30, r31;
} Tile;

#define ROW(low, high, address)                                                                              \
  value = splat(address);                                                                                    \
  low = add(low, mul(value, b0));                                                                            \
  high = add(high, mul(value, b1));

// Not unrolled: the engine's compiler unrolls it, and would spill the loads of several iterations otherwise.
INLINE Tile multiply_tile(const f32 *a, const f32 *b, i32 depth) {
  const vec zero = wasm_f32x4_const_splat(0);
  Tile t = {zero, zero, zero, zero, zero, zero, zero, zero};
#pragma clang loop unroll(disable)
  for (const f32 *end = b + depth * 8; b != end; a += 4, b += 8) {
    vec value, b0 = load(b), b1 = load(b + 4);
    ROW(t.r00, t.r01, a)
    ROW(t.r10, t.r11, a + 1)
    ROW(t.r20, t.r21, a + 2)
    ROW(t.r30, t.r31, a + 3)
  }
  return t;
}

INLINE void store_row(f32 *c, vec low, vec high, i32 columns, const f32 *bias, i32 flags) {
  const vec zero = wasm_f32x4_const_splat(0);
  if (columns >= 8) {
    vec c0 = flags & ACCUMULATE ? load(c) : zero, c1 = flags & ACCUMULATE ? load(c + 4) : zero;
    vec b0 = flags & BIAS ? load(bias) : zero, b1 = flags & BIAS ? load(bias + 4) : zero;
    store(c, finish(low, c0, b0, flags));
    store(c + 4, finish(high, c1, b1, flags));
    return;
  }
  f32 values[8], befores[8], biases[8];
  for (i32 i = 0; i < 8; i++) {
    befores[i] = i < columns && flags & ACCUMULATE ? c[i] : 0;
    biases[i] = i < columns && flags & BIAS ? bias[i] : 0;
  }
  store(values, finish(low, load(befores), load(biases), flags));
  store(values + 4, finish(high, load(befores + 4), load(biases + 4), flags));
  for (i32 i = 0; i < columns; i++) c[i] = values[i];
}

INLINE void store_tile(Tile t, f32 *const *c, i32 rows, i32 column, i32 columns, const f32 *bias, i32 flags) {
  store_row(c[0] + column, t.r00, t.r01, columns, bias + column, flags);
  if (rows > 1) store_row(c[1] + column, t.r10, t.r11, columns, bias + column, flags);
  if (rows > 2) store_row(c[2] + column, t.r20, t.r21, columns, bias + column, flags);
  if (rows > 3) store_row(c[3] + column, t.r30, t.r31, columns, bias + column, flags);
}

void multiply_block(i32 rows, const f32 *packed, i32 depth, const f32 *panels, i32 columns, f32 *const *c,
                           const f32 *bias, i32 flags) {
  for (i32 column = 0; column < columns; column += 8) {
    for (i32 r = 0; r < rows; r += 4) {
      const Tile tile = multiply_tile(packed + r * depth, panels + column * depth, depth);
      store_tile(tile, c + r, rows - r, column, columns - column, bias, flags);
    }
  }
}
