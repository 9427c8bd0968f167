// GEGLU with a scale per module, and its gradient, one pass over memory each (src/engine/ops/geglu.ts).
#include <algorithm>
#include <cmath>

#include "numbers.h"
#include "ops.h"
#include "parallel.h"

namespace {

// Rows of the hidden layer, and which row of the scale belongs to them: that of their module, in turn, of their replica.
struct Rows {
  Rows(const Array& value, const Array& gate, const Array& scale, int64_t replicas)
      : width(value.width()), count(value.size() / std::max<int64_t>(1, width)), replicas(replicas) {
    Require(value.size() == gate.size(), "values and gates differ in size");
    Require(width > 0 && scale.size() > 0 && scale.size() % width == 0, "the scale has another width than the rows");
    const int64_t own = scale.size() / width;
    Require(replicas > 0 && own % replicas == 0, "the scales do not divide among the replicas");
    Require(count % own == 0, "the rows do not divide among the replicas");
    modules = own / replicas;
    each = count / replicas;
  }
  int64_t Owner(int64_t row) const { return (row / each * modules + row % modules) * width; }
  int64_t width, count, replicas, modules, each;
};

// The normal distribution's density at x, and its integral up to there, to 1e-7 (Abramowitz and Stegun, 7.1.26).
struct Normal {
  float below, density;
};
inline Normal NormalAt(float x) {
  const float size = std::fabs(x);
  const float power = Exp(-0.5f * x * x);
  const float t = 1 / (1 + 0.3275911f * 0.70710678f * size);
  const float above =
      0.5f * power * t *
      (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
  return {x < 0 ? above : 1 - above, 0.39894228f * power};
}

}  // namespace

Signature Geglu::signature() {
  return {"HeldoutGeglu", {"value", "gate", "scale"}, {"y"}, nullptr, "replicas", {0}};
}

void Geglu::Compute(const Call& call, const Attributes& attributes) {
  const Array value = call.Input(0), gate = call.Input(1), scale = call.Input(2);
  const Rows rows(value, gate, scale, attributes.count);
  const Array y = call.Output(0, value.shape());
  const int64_t parts = PartsOf(rows.count, 24 * rows.width);
  InParallel(parts, [&](int64_t part) {
    for (int64_t row = rows.count * part / parts; row < rows.count * (part + 1) / parts; row++) {
      const int64_t at = row * rows.width;
      const float *a = value.data() + at, *b = gate.data() + at, *g = scale.data() + rows.Owner(row);
      float* out = y.data() + at;
#pragma omp simd
      for (int64_t i = 0; i < rows.width; i++) out[i] = a[i] * b[i] * NormalAt(b[i]).below * g[i];
    }
  });
}

Signature GegluGradient::signature() {
  return {"HeldoutGegluGrad",
          {"dy", "value", "gate", "scale"},
          {"dvalue", "dgate", "dscale"},
          nullptr,
          "replicas",
          {1, 2, 3}};
}

void GegluGradient::Compute(const Call& call, const Attributes& attributes) {
  const Array dy = call.Input(0), value = call.Input(1), gate = call.Input(2), scale = call.Input(3);
  const Rows rows(value, gate, scale, attributes.count);
  Require(dy.size() == value.size(), "the gradient has another size than the output");
  const Array dvalue = call.Output(0, value.shape()), dgate = call.Output(1, gate.shape()),
              dscale = call.Output(2, scale.shape());
  const int64_t shares = PartsOf(rows.each, 32 * rows.width), size = rows.modules * rows.width;
  PartialSums sums(rows.replicas * shares, size);
  InParallel(rows.replicas * shares, [&](int64_t part) {
    const int64_t start = part / shares * rows.each, share = part % shares;
    for (int64_t row = start + rows.each * share / shares; row < start + rows.each * (share + 1) / shares; row++) {
      const int64_t at = row * rows.width;
      const float *d = dy.data() + at, *a = value.data() + at, *b = gate.data() + at,
                  *g = scale.data() + rows.Owner(row);
      float *da = dvalue.data() + at, *db = dgate.data() + at;
      float* dg = sums.Of(part) + row % rows.modules * rows.width;
#pragma omp simd
      for (int64_t i = 0; i < rows.width; i++) {
        const Normal normal = NormalAt(b[i]);
        const float active = b[i] * normal.below, scaled = d[i] * g[i];
        da[i] = scaled * active;
        db[i] = scaled * a[i] * (normal.below + b[i] * normal.density);
        dg[i] += d[i] * a[i] * active;
      }
    }
  });
  for (int64_t replica = 0; replica < rows.replicas; replica++) {
    std::copy_n(sums.Total(replica * shares, shares), size, dscale.data() + replica * size);
  }
}
