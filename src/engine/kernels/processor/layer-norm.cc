// Layer normalisation over the last axis, and its gradient, one pass over memory each
// (src/engine/ops/norms/layer-norm.ts, src/engine/ops/norms/module-norm.ts).
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "numbers.h"
#include "ops.h"
#include "parallel.h"

namespace {

// Rows of `x`, and which row of `scale` and `shift` belongs to them: replicas have one each, or as many as there are
// modules, which take turns.
struct Rows {
  // One for every replica.
  Rows(const Array& x, const Array& scale) : Rows(x, scale, Own(x, scale)) {}

  Rows(const Array& x, const Array& scale, int64_t replicas)
      : width(x.width()), count(x.size() / std::max<int64_t>(1, width)), replicas(replicas) {
    const int64_t own = Own(x, scale);
    Require(replicas > 0 && own % replicas == 0 && own > 0, "the scales do not divide among the replicas");
    modules = own / replicas;
    Require(count % own == 0, "the rows do not divide among the replicas");
    each = count / replicas;
  }

  // Where the scale of a row begins.
  int64_t Owner(int64_t row) const { return (row / each * modules + row % modules) * width; }

  int64_t width, count, replicas, modules, each;

 private:
  static int64_t Own(const Array& x, const Array& scale) {
    Require(x.width() > 0 && scale.size() % x.width() == 0, "the scale has another width than the rows");
    return scale.size() / x.width();
  }
};

// Calls `work` with the width of rows as a constant where it is a usual one of small rows: their loops then have no ends.
template <typename Work>
void WithWidth(int64_t width, const Work& work) {
  switch (width) {
    case 16: return work(std::integral_constant<int64_t, 16>());
    case 32: return work(std::integral_constant<int64_t, 32>());
    case 48: return work(std::integral_constant<int64_t, 48>());
    case 64: return work(std::integral_constant<int64_t, 64>());
    case 128: return work(std::integral_constant<int64_t, 128>());
    default: return work(width);
  }
}

template <typename Width>
void Normalise(const float* x, const float* scale, const float* shift, float epsilon, Width width, float* y, float* mean,
               float* inverse) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < width; i++) sum += x[i];
  const float centre = sum / width;
  float squares = 0;
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < width; i++) squares += (x[i] - centre) * (x[i] - centre);
  const float factor = 1 / std::sqrt(squares / width + epsilon);
#pragma omp simd
  for (int64_t i = 0; i < width; i++) y[i] = (x[i] - centre) * factor * scale[i] + shift[i];
  *mean = centre;
  *inverse = factor;
}

// dx = inverse * (dy * scale - mean of dy * scale - normal * mean of dy * scale * normal), and what is `added` to it,
// if anything.
template <typename Width>
void Descend(const float* dy, const float* x, const float* scale, const float* added, float centre, float factor,
             Width width, float* dx, float* dscale, float* dshift) {
  float level = 0, tilt = 0;
#pragma omp simd reduction(+ : level, tilt)
  for (int64_t i = 0; i < width; i++) {
    const float normal = (x[i] - centre) * factor;
    const float weighted = dy[i] * scale[i];
    level += weighted;
    tilt += weighted * normal;
    dscale[i] += dy[i] * normal;
    dshift[i] += dy[i];
  }
  level /= width;
  tilt /= width;
  const auto gradient = [=](int64_t i) {
    return factor * (dy[i] * scale[i] - level - (x[i] - centre) * factor * tilt);
  };
  if (added == nullptr) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) dx[i] = gradient(i);
  } else {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) dx[i] = added[i] + gradient(i);
  }
}

void ComputeNorm(const Call& call, float epsilon, const Rows& rows) {
  const Array x = call.Input(0), scale = call.Input(1), shift = call.Input(2);
  Require(shift.size() == scale.size(), "scale and shift differ in size");
  const Array y = call.Output(0, x.shape()), mean = call.Output(1, {rows.count}),
              inverse = call.Output(2, {rows.count});
  const int64_t parts = PartsOf(rows.count, 4 * rows.width);
  WithWidth(rows.width, [&](auto width) {
    InParallel(parts, [&](int64_t part) {
      for (int64_t row = rows.count * part / parts; row < rows.count * (part + 1) / parts; row++) {
        const int64_t at = row * width, own = rows.Owner(row);
        Normalise(x.data() + at, scale.data() + own, shift.data() + own, epsilon, width, y.data() + at,
                  mean.data() + row, inverse.data() + row);
      }
    });
  });
}

// The inputs are those of LayerNormGradient's signature; `added`, if any, is one more.
void ComputeGradient(const Call& call, const Rows& rows, const Array* added) {
  const Array dy = call.Input(0), x = call.Input(1), scale = call.Input(2), mean = call.Input(3),
              inverse = call.Input(4);
  Require(dy.size() == x.size() && mean.size() == rows.count && inverse.size() == rows.count &&
              (added == nullptr || added->size() == x.size()),
          "the gradient has another size than the rows");
  const Array dx = call.Output(0, x.shape()), dscale = call.Output(1, scale.shape()),
              dshift = call.Output(2, scale.shape());
  const int64_t shares = PartsOf(rows.each, 8 * rows.width), size = rows.modules * rows.width;
  PartialSums sums(rows.replicas * shares, 2 * size);
  WithWidth(rows.width, [&](auto width) {
    InParallel(rows.replicas * shares, [&](int64_t part) {
      const int64_t replica = part / shares, share = part % shares, start = replica * rows.each;
      float* own = sums.Of(part);
      for (int64_t row = start + rows.each * share / shares; row < start + rows.each * (share + 1) / shares; row++) {
        const int64_t at = row * width;
        float* dscales = own + row % rows.modules * width;
        Descend(dy.data() + at, x.data() + at, scale.data() + rows.Owner(row),
                added == nullptr ? nullptr : added->data() + at, mean.data()[row], inverse.data()[row], width,
                dx.data() + at, dscales, dscales + size);
      }
    });
  });
  for (int64_t replica = 0; replica < rows.replicas; replica++) {
    const float* total = sums.Total(replica * shares, shares);
    std::copy_n(total, size, dscale.data() + replica * size);
    std::copy_n(total + size, size, dshift.data() + replica * size);
  }
}

}  // namespace

Signature LayerNorm::signature() {
  return {"HeldoutLayerNorm", {"x", "scale", "shift"}, {"y", "mean", "inverse"}, "epsilon", nullptr, {0, -1, -1}};
}

void LayerNorm::Compute(const Call& call, const Attributes& attributes) {
  ComputeNorm(call, attributes.number, Rows(call.Input(0), call.Input(1)));
}

Signature LayerNormGradient::signature() {
  return {"HeldoutLayerNormGrad",
          {"dy", "x", "scale", "mean", "inverse"},
          {"dx", "dscale", "dshift"},
          nullptr,
          nullptr,
          {0, 2, 2}};
}

void LayerNormGradient::Compute(const Call& call, const Attributes&) {
  ComputeGradient(call, Rows(call.Input(1), call.Input(2)), nullptr);
}

Signature LayerNormAddedGradient::signature() {
  return {"HeldoutLayerNormAddedGrad",
          {"dy", "x", "scale", "mean", "inverse", "added"},
          {"dx", "dscale", "dshift"},
          nullptr,
          nullptr,
          {0, 2, 2}};
}

void LayerNormAddedGradient::Compute(const Call& call, const Attributes&) {
  const Array added = call.Input(5);
  ComputeGradient(call, Rows(call.Input(1), call.Input(2)), &added);
}

Signature ModuleNorm::signature() {
  return {"HeldoutModuleNorm", {"x", "scale", "shift"}, {"y", "mean", "inverse"}, "epsilon", "replicas", {0, -1, -1}};
}

void ModuleNorm::Compute(const Call& call, const Attributes& attributes) {
  ComputeNorm(call, attributes.number, Rows(call.Input(0), call.Input(1), attributes.count));
}

Signature ModuleNormGradient::signature() {
  return {"HeldoutModuleNormGrad",
          {"dy", "x", "scale", "mean", "inverse"},
          {"dx", "dscale", "dshift"},
          nullptr,
          "replicas",
          {0, 2, 2}};
}

void ModuleNormGradient::Compute(const Call& call, const Attributes& attributes) {
  ComputeGradient(call, Rows(call.Input(1), call.Input(2), attributes.count), nullptr);
}
