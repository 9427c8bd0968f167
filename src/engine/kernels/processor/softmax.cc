// Softmax over the last axis and its gradient (src/engine/ops/softmax.ts).
#include "numbers.h"
#include "ops.h"
#include "parallel.h"

namespace {

// Calls `row(start)` for every row of `x`.
template <class Row>
void ForRows(const Array& x, int64_t cost, const Row& row) {
  const int64_t width = x.width(), count = width == 0 ? 0 : x.size() / width;
  const int64_t parts = PartsOf(count, cost * width);
  InParallel(parts, [&](int64_t part) {
    for (int64_t at = count * part / parts; at < count * (part + 1) / parts; at++) row(at * width);
  });
}

}  // namespace

Signature Softmax::signature() { return {"HeldoutSoftmax", {"x"}, {"y"}, nullptr, nullptr, {0}}; }

void Softmax::Compute(const Call& call, const Attributes&) {
  const Array x = call.Input(0), y = call.OutputInPlace(0, 0, x.shape());
  ForRows(x, 16, [&](int64_t at) { Weigh(x.data() + at, 1, x.width(), y.data() + at); });
}

Signature SoftmaxGradient::signature() {
  return {"HeldoutSoftmaxGrad", {"dy", "y"}, {"dx"}, nullptr, nullptr, {0}};
}

void SoftmaxGradient::Compute(const Call& call, const Attributes&) {
  const Array dy = call.Input(0), y = call.Input(1), dx = call.OutputInPlace(0, 0, dy.shape());
  Require(dy.size() == y.size(), "the gradient has another size than the output");
  ForRows(dy, 4, [&](int64_t at) {
    WeighGradient(y.data() + at, dy.data() + at, 1, dy.width(), dx.data() + at);
  });
}
