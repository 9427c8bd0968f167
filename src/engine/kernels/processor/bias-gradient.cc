// Gradients of a bias, and of a bias with ReLU after it (src/engine/ops/bias-add.ts, relu-gradient.ts).
#include <algorithm>

#include "numbers.h"
#include "ops.h"
#include "parallel.h"

namespace {

// Adds the rows to `sum`.
void AddRows(const float* rows, int64_t count, int64_t width, float* sum) {
  for (int64_t row = 0; row < count; row++) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) sum[i] += rows[row * width + i];
  }
}

// The same for the rows of `dy` where `y` is positive, which go to `dx`. A gradient that is not finite counts where
// ReLU passed it on, and only there.
void AddPassedRows(const float* dy, const float* y, int64_t count, int64_t width, float* dx, float* sum) {
  for (int64_t row = 0; row < count; row++) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) {
      const int64_t at = row * width + i;
      const float passed = y[at] > 0 ? dy[at] : 0;
      dx[at] = passed;
      sum[i] += passed;
    }
  }
}

// Sums over the rows of each of `replicas` equal shares, to `bias`, `[replicas, width]`.
template <class AddShare>
void SumRows(int64_t rows, int64_t width, int64_t replicas, float* bias, const AddShare& add) {
  Require(replicas > 0 && rows % replicas == 0, "the rows do not divide among the replicas");
  const int64_t each = rows / replicas, shares = PartsOf(each, 2 * width);
  PartialSums sums(replicas * shares, width);
  InParallel(replicas * shares, [&](int64_t part) {
    const int64_t start = part / shares * each, share = part % shares;
    const int64_t first = start + each * share / shares, last = start + each * (share + 1) / shares;
    add(first, last - first, sums.Of(part));
  });
  for (int64_t replica = 0; replica < replicas; replica++) {
    std::copy_n(sums.Total(replica * shares, shares), width, bias + replica * width);
  }
}

Shape BiasShape(int64_t width, int64_t replicas) {
  return replicas == 1 ? Shape{width} : Shape{replicas, width};
}

int64_t CountRows(const Array& x) { return x.width() == 0 ? 0 : x.size() / x.width(); }

}  // namespace

Signature BiasGradient::signature() {
  return {"HeldoutBiasGrad", {"dy"}, {"dbias"}, nullptr, "replicas", {-1}};
}

void BiasGradient::Compute(const Call& call, const Attributes& attributes) {
  const Array dy = call.Input(0);
  const int64_t width = dy.width();
  const Array bias = call.Output(0, BiasShape(width, attributes.count));
  SumRows(CountRows(dy), width, attributes.count, bias.data(), [&](int64_t first, int64_t count, float* sum) {
    AddRows(dy.data() + first * width, count, width, sum);
  });
}

Signature ReluBiasGradient::signature() {
  return {"HeldoutReluBiasGrad", {"dy", "y"}, {"dx", "dbias"}, nullptr, "replicas", {0, -1}};
}

void ReluBiasGradient::Compute(const Call& call, const Attributes& attributes) {
  const Array dy = call.Input(0), y = call.Input(1);
  Require(dy.size() == y.size(), "the gradient has another size than the output");
  const int64_t width = dy.width();
  const Array dx = call.OutputInPlace(0, 0, dy.shape());
  const Array bias = call.Output(1, BiasShape(width, attributes.count));
  SumRows(CountRows(dy), width, attributes.count, bias.data(), [&](int64_t first, int64_t count, float* sum) {
    const int64_t at = first * width;
    AddPassedRows(dy.data() + at, y.data() + at, count, width, dx.data() + at, sum);
  });
}
