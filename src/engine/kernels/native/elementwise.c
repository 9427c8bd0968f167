#include "tile.h"

// y[r][n] = x[r][n] + bias[n] (ReLU).
EXPORT(add_bias)
void add_bias(const f32 *x, const f32 *bias, f32 *y, i32 rows, i32 n, i32 flags) {
  for (i32 r = 0; r < rows; r++, x += n, y += n) {
    i32 i = 0;
    for (; i + 4 <= n; i += 4) store(y + i, finish(load(x + i), load(x + i), load(bias + i), flags | BIAS));
    for (; i < n; i++) {
      const f32 value = x[i] + bias[i];
      y[i] = flags & RELU && value < 0 ? 0 : value;
    }
  }
}

// sums[n] = sum over r of x[r][n], in blocks, so that a long sum loses no digits. scratch: n floats.
EXPORT(sum_rows)
void sum_rows(const f32 *x, f32 *sums, i32 rows, i32 n, f32 *scratch) {
  clear(sums, n);
  for (i32 start = 0; start < rows; start += 128) {
    const i32 end = smaller(start + 128, rows);
    i32 i = 0;
    for (; i + 16 <= n; i += 16) {
      vec s0 = wasm_f32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (i32 r = start; r < end; r++) {
        const f32 *row = x + r * n + i;
        s0 = add(s0, load(row)), s1 = add(s1, load(row + 4)), s2 = add(s2, load(row + 8));
        s3 = add(s3, load(row + 12));
      }
      store(scratch + i, s0), store(scratch + i + 4, s1), store(scratch + i + 8, s2), store(scratch + i + 12, s3);
    }
    for (; i < n; i++) {
      f32 sum = 0;
      for (i32 r = start; r < end; r++) sum += x[r * n + i];
      scratch[i] = sum;
    }
    for (i = 0; i < n; i++) sums[i] += scratch[i];
  }
}

// dx = dy where y > 0, else 0.
EXPORT(relu_gradient)
void relu_gradient(const f32 *dy, const f32 *y, f32 *dx, i32 count) {
  const vec zero = wasm_f32x4_const_splat(0);
  i32 i = 0;
  for (; i + 4 <= count; i += 4) store(dx + i, wasm_v128_and(load(dy + i), wasm_f32x4_gt(load(y + i), zero)));
  for (; i < count; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
}

// Adam (Kingma & Ba 2015, algorithm 1) with PyTorch's place for epsilon:
// p -= rate * m / (sqrt(v) * scale + epsilon), rate = lr / (1 - beta1^t), scale = 1 / sqrt(1 - beta2^t).
EXPORT(adam)
void adam(const f32 *p, const f32 *g, const f32 *m, const f32 *v, f32 *p_out, f32 *m_out, f32 *v_out, i32 count,
          f32 rate, f32 beta1, f32 one_minus_beta1, f32 beta2, f32 one_minus_beta2, f32 scale, f32 epsilon) {
  const vec rates = wasm_f32x4_splat(rate), scales = wasm_f32x4_splat(scale), epsilons = wasm_f32x4_splat(epsilon);
  const vec keep1 = wasm_f32x4_splat(beta1), take1 = wasm_f32x4_splat(one_minus_beta1);
  const vec keep2 = wasm_f32x4_splat(beta2), take2 = wasm_f32x4_splat(one_minus_beta2);
  i32 i = 0;
  for (; i + 4 <= count; i += 4) {
    const vec gradient = load(g + i);
    const vec mean = add(mul(load(m + i), keep1), mul(gradient, take1));
    const vec square = add(mul(load(v + i), keep2), mul(mul(gradient, gradient), take2));
    const vec root = add(mul(wasm_f32x4_sqrt(square), scales), epsilons);
    store(m_out + i, mean);
    store(v_out + i, square);
    store(p_out + i, sub(load(p + i), wasm_f32x4_div(mul(rates, mean), root)));
  }
  for (; i < count; i++) {
    const f32 mean = m[i] * beta1 + g[i] * one_minus_beta1;
    const f32 square = v[i] * beta2 + g[i] * g[i] * one_minus_beta2;
    m_out[i] = mean;
    v_out[i] = square;
    p_out[i] = p[i] - rate * mean / (__builtin_sqrtf(square) * scale + epsilon);
  }
}
