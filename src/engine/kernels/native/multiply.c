#include "tile.h"

// c[m][n] = op(a)[m][k] · op(b)[k][n] (+ bias[n], ReLU). scratch: (COLUMNS + ROWS) * DEPTH floats.
EXPORT(multiply)
void multiply(const f32 *a, const f32 *b, f32 *c, i32 m, i32 n, i32 k, i32 transpose_a, i32 transpose_b,
              const f32 *bias, i32 flags, f32 *scratch) {
  f32 *panels = scratch, *packed = scratch + COLUMNS * DEPTH;
  f32 *rows_c[ROWS];
  for (i32 n0 = 0; n0 < n; n0 += COLUMNS) {
    const i32 columns = smaller(COLUMNS, n - n0);
    for (i32 k0 = 0; k0 < k || k0 == 0; k0 += DEPTH) {
      const i32 depth = smaller(DEPTH, k - k0);
      for (i32 i = 0; i < columns; i += 8) {
        if (transpose_b) pack_columns(panels + i * depth, b + (n0 + i) * k + k0, k, depth, columns - i, 8);
        else pack_rows(panels + i * depth, b + k0 * n + n0 + i, n, depth, columns - i, 8);
      }
      const i32 part = (k0 > 0 ? ACCUMULATE : 0) | (k0 + DEPTH >= k ? flags : 0);
      for (i32 m0 = 0; m0 < m; m0 += ROWS) {
        const i32 rows = smaller(ROWS, m - m0);
        for (i32 i = 0; i < rows; i += 4) {
          if (transpose_a) pack_rows(packed + i * depth, a + k0 * m + m0 + i, m, depth, rows - i, 4);
          else pack_columns(packed + i * depth, a + (m0 + i) * k + k0, k, depth, rows - i, 4);
        }
        for (i32 i = 0; i < rows; i++) rows_c[i] = c + (m0 + i) * n + n0;
        multiply_block(rows, packed, depth, panels, columns, rows_c, bias + n0, part);
      }
    }
  }
}
