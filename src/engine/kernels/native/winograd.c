// Convolutions of 4x4 kernels with stride 2 by minimal filtering, F(2x2, 2x2) (Winograd 1980; Lavin and Gray
// 2016): 9 products for every 2x2 outputs instead of 16. Split by the parity of its rows and columns, such a
// convolution is the sum of four phases, each a 2x2 convolution with stride 1 of a quarter of the image; its input
// gradient is four 2x2 convolutions of dy. In one dimension, two outputs of two taps are
//   y0 = d0 g0 + d1 g1 = m0 + m1      m0 = (d0 - d1) g0    m1 = d1 (g0 + g1)
//   y1 = d1 g0 + d2 g1 = m1 + m2      m2 = (d2 - d1) g1
// and the coefficients are all 1, so that little precision is lost. Channels come in multiples of four.

#include "image.h"

enum { PRODUCTS = 9, PHASES = 4, TILES = 64, PACKED = 36864, CHUNK = 16 };

// The 3x3 patch of one tile, for four channels.
INLINE void transform_patch(const f32 *d, i32 row, i32 pixel, vec out[PRODUCTS]) {
  vec t[3][3];
  for (i32 r = 0; r < 3; r++) {
    const vec d0 = load(d + r * row), d1 = load(d + r * row + pixel), d2 = load(d + r * row + 2 * pixel);
    t[r][0] = sub(d0, d1), t[r][1] = d1, t[r][2] = sub(d2, d1);
  }
  for (i32 s = 0; s < 3; s++) {
    out[s] = sub(t[0][s], t[1][s]), out[3 + s] = t[1][s], out[6 + s] = sub(t[2][s], t[1][s]);
  }
}

// Four taps of 2x2 (or four outputs, in the filter gradient) to nine: x, x + y, y in both directions.
INLINE void spread(vec g00, vec g01, vec g10, vec g11, vec out[PRODUCTS]) {
  const vec m0 = add(g00, g10), m1 = add(g01, g11);
  out[0] = g00, out[1] = add(g00, g01), out[2] = g01;
  out[3] = m0, out[4] = add(m0, m1), out[5] = m1;
  out[6] = g10, out[7] = add(g10, g11), out[8] = g11;
}

// Nine sums to four: m0 + m1, m1 + m2 in both directions.
INLINE void gather(const f32 *const m[PRODUCTS], i32 offset, vec out[4]) {
  vec t[3][2];
  for (i32 r = 0; r < 3; r++) {
    const vec m1 = load(m[3 * r + 1] + offset);
    t[r][0] = add(load(m[3 * r] + offset), m1), t[r][1] = add(m1, load(m[3 * r + 2] + offset));
  }
  for (i32 s = 0; s < 2; s++) out[s] = add(t[0][s], t[1][s]), out[2 + s] = add(t[1][s], t[2][s]);
}

// Panels of the nine transformed kernels, [product][columns/8][depth][8], from the same panel of the four taps.
INLINE void transform_panel(const f32 *taps, i32 size, f32 *panel, i32 stride) {
  for (i32 e = 0; e < size; e += 4) {
    vec out[PRODUCTS];
    spread(load(taps + e), load(taps + size + e), load(taps + 2 * size + e), load(taps + 3 * size + e), out);
    for (i32 i = 0; i < PRODUCTS; i++) store(panel + i * stride + e, out[i]);
  }
}

// Where a convolution reads and writes: grids of tiles, the steps between the values of a patch and between the
// outputs of a tile, and how many outputs there are.
typedef struct {
  Grid patches, outputs;
  i32 patch_row, patch_pixel, output_row, output_pixel;
  i32 height, width;
} Tiling;

// The patches of four tiles for all phases, packed as the rows of nine products: packed[i][depth][4].
static void pack_patches(const f32 *const patches[4], const Tiling *tiling, const i32 *phases, i32 phase_count,
                         i32 channels, f32 *packed, i32 stride) {
  for (i32 p = 0; p < phase_count; p++) {
    for (i32 c = 0; c < channels; c += 4, packed += 16) {
      vec out[4][PRODUCTS];
      for (i32 t = 0; t < 4; t++) {
        transform_patch(patches[t] + phases[p] + c, tiling->patch_row, tiling->patch_pixel, out[t]);
      }
      for (i32 i = 0; i < PRODUCTS; i++) {
        vec block[4] = {out[0][i], out[1][i], out[2][i], out[3][i]};
        f32 *to = packed + i * stride;
        transpose(block);
        store(to, block[0]), store(to + 4, block[1]), store(to + 8, block[2]), store(to + 12, block[3]);
      }
    }
  }
}

// scratch: PACKED (or 36*depth, if that is more) + 9*TILES*columns floats.
static void filter_tiles(i32 images, const Tiling *tiling, const i32 *phases, i32 phase_count, i32 channels,
                         const f32 *panels, i32 columns, const f32 *bias, i32 flags, f32 *scratch) {
  const i32 depth = phase_count * channels, panel_size = depth * round_up(columns, 8);
  const i32 tile_rows = (tiling->height + 1) / 2, tile_columns = (tiling->width + 1) / 2;
  const i32 total = images * tile_rows * tile_columns;
  const i32 block = smaller(TILES, larger(4, PACKED / (PRODUCTS * depth) / 4 * 4));
  f32 *packed = scratch, *products = scratch + larger(PACKED, PRODUCTS * 4 * depth);
  Place places[TILES], place = {0, 0, 0};
  f32 *rows[TILES];
  for (i32 start = 0; start < total; start += block) {
    const i32 tiles = smaller(block, total - start);
    for (i32 t = 0; t < tiles; t++, advance(&place, tile_rows, tile_columns)) places[t] = place;
    for (i32 t = 0; t < tiles; t += 4) {
      const f32 *patches[4];
      for (i32 i = 0; i < 4; i++) patches[i] = address(tiling->patches, places[smaller(t + i, tiles - 1)]);
      pack_patches(patches, tiling, phases, phase_count, channels, packed + t * depth, block * depth);
    }
    for (i32 i = 0; i < PRODUCTS; i++) {
      for (i32 t = 0; t < tiles; t++) rows[t] = products + (i * block + t) * columns;
      multiply_block(tiles, packed + i * block * depth, depth, panels + i * panel_size, columns, rows, 0, 0);
    }
    for (i32 t = 0; t < tiles; t++) {
      const i32 lower = 2 * places[t].y + 1 < tiling->height, right = 2 * places[t].x + 1 < tiling->width;
      f32 *out = address(tiling->outputs, places[t]);
      const f32 *m[PRODUCTS];
      for (i32 i = 0; i < PRODUCTS; i++) m[i] = products + (i * block + t) * columns;
      for (i32 n = 0; n < columns; n += 4, out += 4) {
        const vec added = flags & BIAS ? load(bias + n) : wasm_f32x4_const_splat(0);
        vec y[4];
        gather(m, n, y);
        store(out, finish(y[0], y[0], added, flags));
        if (right) store(out + tiling->output_pixel, finish(y[1], y[1], added, flags));
        if (lower) store(out + tiling->output_row, finish(y[2], y[2], added, flags));
        if (lower && right) {
          store(out + tiling->output_row + tiling->output_pixel, finish(y[3], y[3], added, flags));
        }
      }
    }
  }
}

// As `convolve`, for 4x4 kernels with stride 2. The padded image has 4*ceil(out/2) + 2 rows and columns at least.
// scratch: 9*depth*round_up(n, 8) + max(PACKED, 36*depth) + max(9*TILES*n, 8*depth) + group*padded*c floats,
// depth = 4*c.
EXPORT(winograd_convolve)
void winograd_convolve(const f32 *x, const f32 *w, const f32 *bias, f32 *y, i32 images, i32 height, i32 width,
                       i32 channels, i32 n, i32 top, i32 left, i32 out_height, i32 out_width, i32 padded_height,
                       i32 padded_width, i32 group, i32 flags, f32 *scratch) {
  const i32 depth = PHASES * channels, panel_size = depth * round_up(n, 8), pitch = padded_width * channels;
  f32 *panels = scratch, *work = panels + PRODUCTS * panel_size;
  f32 *taps = work + larger(PACKED, PRODUCTS * 4 * depth);
  f32 *frame = taps + larger(PRODUCTS * TILES * n, 8 * depth);
  i32 phases[PHASES];
  for (i32 p = 0; p < PHASES; p++) phases[p] = p / 2 * pitch + p % 2 * channels;
  for (i32 column = 0; column < n; column += 8) {
    for (i32 p = 0; p < PHASES; p++) {
      for (i32 t = 0; t < 4; t++) {
        const i32 kh = t / 2 * 2 + p / 2, kw = t % 2 * 2 + p % 2;
        pack_rows(taps + t * channels * 8, w + (kh * 4 + kw) * channels * n + column, n, channels, n - column, 8);
      }
      transform_panel(taps, channels * 8, panels + (column * PHASES + p * 8) * channels, panel_size);
    }
  }
  for (i32 first = 0; first < images; first += group) {
    const i32 count = smaller(group, images - first);
    pad_images(frame, x + first * height * width * channels, count, height, width, channels, top, left,
               padded_height, padded_width);
    const Tiling tiling = {
        .patches = {frame, padded_height * pitch, 4 * pitch, 4 * channels},
        .outputs = {y + first * out_height * out_width * n, out_height * out_width * n, 2 * out_width * n, 2 * n},
        .patch_row = 2 * pitch,
        .patch_pixel = 2 * channels,
        .output_row = out_width * n,
        .output_pixel = n,
        .height = out_height,
        .width = out_width,
    };
    filter_tiles(count, &tiling, phases, PHASES, channels, panels, n, bias, flags, work);
  }
}

// As `convolve_input_gradient`, for 4x4 kernels with stride 2: one zero row and column before dy, and frames that
// reach two rows and columns beyond the last output that an input sees.
// scratch: 36*n*round_up(c, 8) + max(PACKED, 36*n) + max(9*TILES*c, 32*n) + group*padded*n floats.
EXPORT(winograd_input_gradient)
void winograd_input_gradient(const f32 *dy, const f32 *w, f32 *dx, i32 images, i32 height, i32 width, i32 channels,
                             i32 n, i32 top, i32 left, i32 out_height, i32 out_width, i32 padded_height,
                             i32 padded_width, i32 group, f32 *scratch) {
  const i32 panel_size = n * round_up(channels, 8), pitch = padded_width * n, phase = 0;
  f32 *panels = scratch, *work = panels + PHASES * PRODUCTS * panel_size;
  f32 *taps = work + larger(PACKED, PRODUCTS * 4 * n);
  f32 *frame = taps + larger(PRODUCTS * TILES * channels, 4 * n * 8);
  for (i32 p = 0; p < PHASES; p++) {
    for (i32 column = 0; column < channels; column += 8) {
      for (i32 t = 0; t < 4; t++) {
        // Reversed: the patch's first row meets the kernel's last.
        const i32 kh = 2 - t / 2 * 2 + p / 2, kw = 2 - t % 2 * 2 + p % 2;
        pack_columns(taps + t * n * 8, w + ((kh * 4 + kw) * channels + column) * n, n, n, channels - column, 8);
      }
      transform_panel(taps, n * 8, panels + p * PRODUCTS * panel_size + column * n, panel_size);
    }
  }
  for (i32 first = 0; first < images; first += group) {
    const i32 count = smaller(group, images - first);
    pad_images(frame, dy + first * out_height * out_width * n, count, out_height, out_width, n, 1, 1, padded_height,
               padded_width);
    for (i32 p = 0; p < PHASES; p++) {
      const i32 h0 = (p / 2 + top) % 2, w0 = (p % 2 + left) % 2;
      const i32 oh = (h0 + top - p / 2) / 2, ow = (w0 + left - p % 2) / 2;
      const Tiling tiling = {
          .patches = {frame + oh * pitch + ow * n, padded_height * pitch, 2 * pitch, 2 * n},
          .outputs = {dx + (first * height * width + h0 * width + w0) * channels, height * width * channels,
                      4 * width * channels, 4 * channels},
          .patch_row = pitch,
          .patch_pixel = n,
          .output_row = 2 * width * channels,
          .output_pixel = 2 * channels,
          .height = (height - h0 + 1) / 2,
          .width = (width - w0 + 1) / 2,
      };
      if (tiling.height <= 0 || tiling.width <= 0) continue;
      filter_tiles(count, &tiling, &phase, 1, n, panels + p * PRODUCTS * panel_size, channels, 0, 0, work);
    }
  }
}

// Nine panels of the outputs' gradients, panels[i][n/8][tile][8], from the tiles of dy.
INLINE void pack_outputs(const f32 *dy, i32 row, i32 pixel, i32 lower, i32 right, i32 n, f32 *panels, i32 tiles,
                         i32 stride) {
  const vec zero = wasm_f32x4_const_splat(0);
  for (i32 e = 0; e < n; e += 4) {
    vec out[PRODUCTS];
    spread(load(dy + e), right ? load(dy + pixel + e) : zero, lower ? load(dy + row + e) : zero,
           lower && right ? load(dy + row + pixel + e) : zero, out);
    for (i32 i = 0; i < PRODUCTS; i++) store(panels + i * stride + e / 8 * 8 * tiles + e % 8, out[i]);
  }
}

// As `convolve_filter_gradient`, for 4x4 kernels with stride 2, framed as `winograd_convolve`.
// scratch: 9*depth*n + 9*SUMS*(round_up(n, 8) + CHUNK) + group*padded*c floats, depth = 4*c.
EXPORT(winograd_filter_gradient)
void winograd_filter_gradient(const f32 *x, const f32 *dy, f32 *dw, i32 images, i32 height, i32 width, i32 channels,
                              i32 n, i32 top, i32 left, i32 out_height, i32 out_width, i32 padded_height,
                              i32 padded_width, i32 group, f32 *scratch) {
  const i32 depth = PHASES * channels, pitch = padded_width * channels;
  f32 *sums = scratch, *panels = sums + PRODUCTS * depth * n;
  f32 *packed = panels + PRODUCTS * SUMS * round_up(n, 8), *frame = packed + PRODUCTS * SUMS * CHUNK;
  const i32 tile_rows = (out_height + 1) / 2, tile_columns = (out_width + 1) / 2;
  const f32 *patches[SUMS];
  f32 *rows[CHUNK];
  clear(sums, PRODUCTS * depth * n);
  for (i32 first = 0; first < images; first += group) {
    const i32 count = smaller(group, images - first), total = count * tile_rows * tile_columns;
    pad_images(frame, x + first * height * width * channels, count, height, width, channels, top, left,
               padded_height, padded_width);
    const Grid inputs = {frame, padded_height * pitch, 4 * pitch, 4 * channels};
    const Grid outputs = {(f32 *)dy + first * out_height * out_width * n, out_height * out_width * n,
                          2 * out_width * n, 2 * n};
    Place place = {0, 0, 0};
    for (i32 start = 0; start < total; start += SUMS) {
      const i32 tiles = smaller(SUMS, total - start), panel_size = tiles * round_up(n, 8);
      for (i32 t = 0; t < tiles; t++, advance(&place, tile_rows, tile_columns)) {
        patches[t] = address(inputs, place);
        pack_outputs(address(outputs, place), out_width * n, n, 2 * place.y + 1 < out_height,
                     2 * place.x + 1 < out_width, n, panels + t * 8, tiles, panel_size);
      }
      for (i32 p = 0; p < PHASES; p++) {
        for (i32 chunk = 0; chunk < channels; chunk += CHUNK) {
          const i32 size = smaller(CHUNK, channels - chunk);
          for (i32 t = 0; t < tiles; t++) {
            for (i32 c = 0; c < size; c += 4) {
              vec out[PRODUCTS];
              transform_patch(patches[t] + p / 2 * pitch + p % 2 * channels + chunk + c, 2 * pitch, 2 * channels,
                              out);
              for (i32 i = 0; i < PRODUCTS; i++) store(packed + (i * CHUNK + c) * tiles + t * 4, out[i]);
            }
          }
          for (i32 i = 0; i < PRODUCTS; i++) {
            for (i32 c = 0; c < size; c++) rows[c] = sums + (i * depth + p * channels + chunk + c) * n;
            multiply_block(size, packed + i * CHUNK * tiles, tiles, panels + i * panel_size, n, rows, 0, ACCUMULATE);
          }
        }
      }
    }
  }
  for (i32 p = 0; p < PHASES; p++) {
    for (i32 c = 0; c < channels; c++) {
      const f32 *m[PRODUCTS];
      for (i32 i = 0; i < PRODUCTS; i++) m[i] = sums + (i * depth + p * channels + c) * n;
      for (i32 e = 0; e < n; e += 4) {
        vec taps[4];
        gather(m, e, taps);
        for (i32 t = 0; t < 4; t++) {
          const i32 kh = t / 2 * 2 + p / 2, kw = t % 2 * 2 + p % 2;
          store(dw + ((kh * 4 + kw) * channels + c) * n + e, taps[t]);
        }
      }
    }
  }
}
