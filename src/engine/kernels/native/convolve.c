// Convolutions of any kernel and stride. The pixels under one row of the kernel are contiguous in memory, so
// that a row of A is `segments` runs of `length` floats, `pitch` floats apart.

#include "image.h"

// Packs four rows of A (missing ones repeat the last) whose runs start at the given places.
INLINE void pack_runs(f32 *to, const f32 *const *from, i32 rows, i32 segments, i32 length, i32 pitch) {
  const f32 *r0 = from[0], *r1 = from[smaller(1, rows - 1)], *r2 = from[smaller(2, rows - 1)];
  const f32 *r3 = from[smaller(3, rows - 1)];
  const i32 jump = pitch - length;
  for (i32 s = 0; s < segments; s++) {
    i32 k = length;
    for (; k >= 4; k -= 4, r0 += 4, r1 += 4, r2 += 4, r3 += 4, to += 16) {
      vec block[4] = {load(r0), load(r1), load(r2), load(r3)};
      transpose(block);
      store(to, block[0]), store(to + 4, block[1]), store(to + 8, block[2]), store(to + 12, block[3]);
    }
    for (; k > 0; k--, to += 4) to[0] = *r0++, to[1] = *r1++, to[2] = *r2++, to[3] = *r3++;
    r0 += jump, r1 += jump, r2 += jump, r3 += jump;
  }
}

// For all places: the runs at a's place, times the panels, to c's place. packed: max(BLOCK, 4*depth) floats.
static void multiply_grid(i32 images, i32 height, i32 width, Grid a, Grid c, i32 segments, i32 length, i32 pitch,
                          const f32 *panels, i32 columns, const f32 *bias, i32 flags, f32 *packed) {
  const f32 *rows_a[ROWS];
  f32 *rows_c[ROWS];
  const i32 total = images * height * width, depth = segments * length;
  const i32 fitting = depth > 0 ? BLOCK / depth / 4 * 4 : ROWS;
  const i32 block = fitting < 4 ? 4 : smaller(fitting, ROWS);
  Place place = {0, 0, 0};
  for (i32 start = 0; start < total; start += block) {
    const i32 rows = smaller(block, total - start);
    for (i32 i = 0; i < rows; i++, advance(&place, height, width)) {
      rows_a[i] = address(a, place);
      rows_c[i] = address(c, place);
    }
    for (i32 i = 0; i < rows; i += 4) {
      pack_runs(packed + i * depth, rows_a + i, rows - i, segments, length, pitch);
    }
    multiply_block(rows, packed, depth, panels, columns, rows_c, bias, flags);
  }
}

// y[i][oh][ow][n] = sum over kh, kw, c of x[i][oh*stride+kh-top][ow*stride+kw-left][c] * w[kh][kw][c][n].
// `group` images are padded to `padded` at once. scratch: depth*round_up(n, 8) + max(BLOCK, 4*depth) + group*padded*c
// floats, depth = kh*kw*c.
EXPORT(convolve)
void convolve(const f32 *x, const f32 *w, const f32 *bias, f32 *y, i32 images, i32 height, i32 width, i32 channels,
              i32 kernel_height, i32 kernel_width, i32 n, i32 stride_y, i32 stride_x, i32 top, i32 left,
              i32 out_height, i32 out_width, i32 padded_height, i32 padded_width, i32 group, i32 flags,
              f32 *scratch) {
  const i32 depth = kernel_height * kernel_width * channels;
  f32 *panels = scratch, *packed = panels + depth * round_up(n, 8);
  f32 *frame = packed + larger(BLOCK, 4 * depth);
  for (i32 i = 0; i < n; i += 8) pack_rows(panels + i * depth, w + i, n, depth, n - i, 8);
  const i32 pitch = padded_width * channels;
  const i32 in_place = padded_height == height && padded_width == width && !top && !left;
  for (i32 first = 0; first < images; first += group) {
    const i32 count = smaller(group, images - first);
    const f32 *source = x + first * height * width * channels;
    if (!in_place) pad_images(frame, source, count, height, width, channels, top, left, padded_height, padded_width);
    const Grid a = {in_place ? (f32 *)source : frame, padded_height * pitch, stride_y * pitch, stride_x * channels};
    const Grid c = {y + first * out_height * out_width * n, out_height * out_width * n, out_width * n, n};
    multiply_grid(count, out_height, out_width, a, c, kernel_height, kernel_width * channels, pitch, panels, n,
                  bias, flags, packed);
  }
}

// Packs four neighbouring values of every row: to[m][i] = rows[m][offset + i]; what is missing becomes zero.
INLINE void pack_values(f32 *to, const f32 *const *rows, i32 count, i32 offset, i32 values) {
  for (i32 m = 0; m < count; m++, to += 4) {
    const f32 *from = rows[m] + offset;
    if (values >= 4) store(to, load(from));
    else for (i32 i = 0; i < 4; i++) to[i] = i < values ? from[i] : 0;
  }
}

// dw[kh][kw][c][n] = sum over i, oh, ow of x[i][oh*stride+kh-top][ow*stride+kw-left][c] * dy[i][oh][ow][n].
// scratch: SUMS*(round_up(n, 8) + 4) + group*padded*c floats.
EXPORT(convolve_filter_gradient)
void convolve_filter_gradient(const f32 *x, const f32 *dy, f32 *dw, i32 images, i32 height, i32 width,
                              i32 channels, i32 kernel_height, i32 kernel_width, i32 n, i32 stride_y, i32 stride_x,
                              i32 top, i32 left, i32 out_height, i32 out_width, i32 padded_height,
                              i32 padded_width, i32 group, f32 *scratch) {
  const i32 run = kernel_width * channels, pitch = padded_width * channels;
  f32 *panels = scratch, *packed = panels + SUMS * round_up(n, 8), *frame = packed + SUMS * 4;
  const f32 *rows[SUMS];
  clear(dw, kernel_height * run * n);
  const i32 in_place = padded_height == height && padded_width == width && !top && !left;
  for (i32 first = 0; first < images; first += group) {
    const i32 count = smaller(group, images - first);
    const f32 *source = x + first * height * width * channels;
    if (!in_place) pad_images(frame, source, count, height, width, channels, top, left, padded_height, padded_width);
    const Grid grid = {in_place ? (f32 *)source : frame, padded_height * pitch, stride_y * pitch, stride_x * channels};
    const i32 total = count * out_height * out_width;
    Place place = {0, 0, 0};
    for (i32 start = 0; start < total; start += SUMS) {
      const i32 block = smaller(SUMS, total - start);
      for (i32 i = 0; i < block; i++, advance(&place, out_height, out_width)) rows[i] = address(grid, place);
      const f32 *outputs = dy + (first * out_height * out_width + start) * n;
      for (i32 i = 0; i < n; i += 8) pack_rows(panels + i * block, outputs + i, n, block, n - i, 8);
      for (i32 kh = 0; kh < kernel_height; kh++) {
        for (i32 r = 0; r < run; r += 4) {
          pack_values(packed, rows, block, kh * pitch + r, run - r);
          f32 *to = dw + (kh * run + r) * n;
          f32 *const to_rows[4] = {to, to + n, to + 2 * n, to + 3 * n};
          multiply_block(smaller(4, run - r), packed, block, panels, n, to_rows, 0, ACCUMULATE);
        }
      }
    }
  }
}

// dx[i][h][w][c] = sum over the kernel positions that reach (h, w) of dy · w. The places of dx that are
// congruent modulo the stride see the same positions: each such phase is a dense convolution of dy,
// framed by `before` zero rows and columns, with every stride-th kernel row and column, reversed.
// scratch: depth*round_up(c, 8) + max(BLOCK, 4*depth) + group*padded*n floats, depth = kh*kw*n, padded being
// the frame of dy.
EXPORT(convolve_input_gradient)
void convolve_input_gradient(const f32 *dy, const f32 *w, f32 *dx, i32 images, i32 height, i32 width, i32 channels,
                             i32 kernel_height, i32 kernel_width, i32 n, i32 stride_y, i32 stride_x, i32 top,
                             i32 left, i32 out_height, i32 out_width, i32 before_y, i32 before_x,
                             i32 padded_height, i32 padded_width, i32 group, f32 *scratch) {
  const i32 panel_columns = round_up(channels, 8);
  const i32 all = kernel_height * kernel_width * n;
  f32 *panels = scratch, *packed = panels + all * panel_columns, *frame = packed + larger(BLOCK, 4 * all);
  for (i32 py = 0; py < stride_y; py++) {
    for (i32 px = 0; px < stride_x; px++) {
      const i32 taps_y = (kernel_height - py + stride_y - 1) / stride_y;
      const i32 taps_x = (kernel_width - px + stride_x - 1) / stride_x;
      const i32 depth = taps_y > 0 && taps_x > 0 ? taps_y * taps_x * n : 0;
      for (i32 i = 0; i < channels && depth > 0; i += 8) {
        for (i32 t = 0; t < taps_y * taps_x; t++) {
          const i32 kh = py + stride_y * (taps_y - 1 - t / taps_x), kw = px + stride_x * (taps_x - 1 - t % taps_x);
          pack_columns(panels + i * depth + t * n * 8, w + ((kh * kernel_width + kw) * channels + i) * n, n, n,
                       channels - i, 8);
        }
      }
      panels += depth * panel_columns;
    }
  }
  const i32 pitch = padded_width * n;
  for (i32 first = 0; first < images; first += group) {
    const i32 count = smaller(group, images - first);
    pad_images(frame, dy + first * out_height * out_width * n, count, out_height, out_width, n, before_y, before_x,
               padded_height, padded_width);
    panels = scratch;
    for (i32 py = 0; py < stride_y; py++) {
      for (i32 px = 0; px < stride_x; px++) {
        const i32 all_y = (kernel_height - py + stride_y - 1) / stride_y;
        const i32 all_x = (kernel_width - px + stride_x - 1) / stride_x;
        const i32 empty = all_y <= 0 || all_x <= 0;
        const i32 taps_y = empty ? 0 : all_y, taps_x = empty ? 0 : all_x;
        const i32 h0 = ((py - top) % stride_y + stride_y) % stride_y, w0 = ((px - left) % stride_x + stride_x) % stride_x;
        const i32 rows = (height - h0 + stride_y - 1) / stride_y, columns = (width - w0 + stride_x - 1) / stride_x;
        const i32 oh = (h0 + top - py) / stride_y, ow = (w0 + left - px) / stride_x;
        if (rows > 0 && columns > 0) {
          const Grid a = {empty ? frame
                                : frame + (oh + before_y - taps_y + 1) * pitch + (ow + before_x - taps_x + 1) * n,
                          padded_height * pitch, pitch, n};
          const Grid c = {dx + (first * height * width + h0 * width + w0) * channels, height * width * channels,
                          stride_y * width * channels, stride_x * channels};
          multiply_grid(count, rows, columns, a, c, taps_y, taps_x * n, pitch, panels, channels, 0, 0, packed);
        }
        panels += taps_y * taps_x * n * panel_columns;
      }
    }
  }
}
