// Arithmetic that several ops use.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

// Sums of parts, each in a row of its own, added up in the order of the parts.
class PartialSums {
 public:
  PartialSums(int64_t parts, int64_t width) : width_(width), values_(parts * width) {}
  float* Of(int64_t part) { return values_.data() + part * width_; }

  // Adds up `count` rows from row `first`, and returns it in that row.
  const float* Total(int64_t first, int64_t count) {
    float* total = Of(first);
    for (int64_t part = 1; part < count; part++) {
      const float* other = Of(first + part);
#pragma omp simd
      for (int64_t i = 0; i < width_; i++) total[i] += other[i];
    }
    return total;
  }

 private:
  int64_t width_;
  std::vector<float> values_;
};

// The exponential of numbers up to 88, to 2e-7; exactly zero below -87. Vectorises.
inline float Exp(float x) {
  const float inside = x < -87.3f ? -87.3f : x;
  const float whole = std::rint(inside * 1.44269504f);
  // Two halves of ln 2, the first of which multiplies exactly; polynomial of Cephes' expf.
  const float rest = inside - whole * 0.693359375f + whole * 2.12194440e-4f;
  float value = 1.9875691500e-4f;
  value = value * rest + 1.3981999507e-3f;
  value = value * rest + 8.3334519073e-3f;
  value = value * rest + 4.1665795894e-2f;
  value = value * rest + 1.6666665459e-1f;
  value = value * rest + 5.0000001201e-1f;
  value = value * rest * rest + rest + 1;
  const int32_t bits = (static_cast<int32_t>(whole) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return x < -87.3f ? 0 : value * power;
}

// Turns `width` scores, times `factor`, into weights that sum to 1; none of them may be infinite.
inline void Weigh(const float* scores, float factor, int64_t width, float* weights) {
  float highest = scores[0];
#pragma omp simd reduction(max : highest)
  for (int64_t i = 0; i < width; i++) highest = scores[i] > highest ? scores[i] : highest;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < width; i++) {
    weights[i] = Exp((scores[i] - highest) * factor);
    sum += weights[i];
  }
  const float share = 1 / sum;
#pragma omp simd
  for (int64_t i = 0; i < width; i++) weights[i] *= share;
}

// The gradient of the scores, times `factor`: weights * (dweights - sum of weights * dweights).
inline void WeighGradient(const float* weights, const float* dweights, float factor, int64_t width,
                          float* dscores) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < width; i++) sum += weights[i] * dweights[i];
#pragma omp simd
  for (int64_t i = 0; i < width; i++) dscores[i] = weights[i] * (dweights[i] - sum) * factor;
}
