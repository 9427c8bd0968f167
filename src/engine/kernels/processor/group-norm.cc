// Group normalisation and its gradient (src/engine/ops/norms/group-norm.ts). An example's places are read three times, out
// of a cache that holds them; sums over them are per channel, so that the inner loops run along memory.
#include <algorithm>
#include <cmath>

#include "numbers.h"
#include "ops.h"
#include "parallel.h"

namespace {

struct Sizes {
  Sizes(const Array& x, const Array& scale, int64_t groups) : channels(x.width()), groups(groups) {
    Require(x.rank() >= 2 && channels > 0 && scale.size() % channels == 0,
            "the scale has another width than the channels");
    Require(groups > 0 && channels % groups == 0, "the channels do not divide into the groups");
    replicas = scale.size() / channels;
    // Examples of several replicas have two leading axes.
    examples = x.dim(0) * (scale.rank() > 1 ? x.dim(1) : 1);
    places = examples == 0 ? 0 : x.size() / (examples * channels);
    Require(examples > 0 && examples % replicas == 0, "the examples do not divide among the replicas");
    each = examples / replicas;
    members = channels / groups;
  }

  // Turns sums per channel into means over the channel's group.
  void Average(float* values) const {
    for (int64_t group = 0; group < groups; group++) {
      float* own = values + group * members;
      float sum = 0;
      for (int64_t i = 0; i < members; i++) sum += own[i];
      std::fill_n(own, members, sum / (places * members));
    }
  }

  int64_t channels, groups, replicas, examples, places, each, members;
};

void SumOver(const float* x, int64_t places, int64_t channels, float* sum) {
  for (int64_t place = 0; place < places; place++, x += channels) {
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) sum[i] += x[i];
  }
}

void SumDeviations(const float* x, const float* mean, int64_t places, int64_t channels, float* sum) {
  for (int64_t place = 0; place < places; place++, x += channels) {
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) sum[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
  }
}

void Apply(const float* x, const float* factor, const float* offset, int64_t places, int64_t channels, float* y) {
  for (int64_t place = 0; place < places; place++, x += channels, y += channels) {
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) y[i] = x[i] * factor[i] + offset[i];
  }
}

void SumGradients(const float* dy, const float* x, const float* mean, int64_t places, int64_t channels,
                  float* level, float* tilt) {
  for (int64_t place = 0; place < places; place++, x += channels, dy += channels) {
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) {
      level[i] += dy[i];
      tilt[i] += dy[i] * (x[i] - mean[i]);
    }
  }
}

void Combine(const float* dy, const float* x, const float* factor, const float* slope, const float* constant,
             int64_t places, int64_t channels, float* dx) {
  for (int64_t place = 0; place < places; place++, x += channels, dy += channels, dx += channels) {
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) dx[i] = dy[i] * factor[i] - x[i] * slope[i] + constant[i];
  }
}

// The same where x is what ReLU made of a sum with a bias: the gradient passes where x is positive, and what passes
// adds up to that of the bias.
void CombinePassed(const float* dy, const float* x, const float* factor, const float* slope, const float* constant,
                   int64_t places, int64_t channels, float* dx, float* dbias) {
  for (int64_t place = 0; place < places; place++, x += channels, dy += channels, dx += channels) {
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) {
      const float passed = x[i] > 0 ? dy[i] * factor[i] - x[i] * slope[i] + constant[i] : 0;
      dx[i] = passed;
      dbias[i] += passed;
    }
  }
}

// Of GroupNormGradient; with `relu` there is a fourth output, the gradient of a bias that stands before ReLU.
void ComputeGradient(const Call& call, const Attributes& attributes, bool relu) {
  const Array dy = call.Input(0), x = call.Input(1), scale = call.Input(2), means = call.Input(3),
              inverses = call.Input(4);
  const Sizes sizes(x, scale, attributes.count);
  const int64_t channels = sizes.channels, places = sizes.places;
  Require(dy.size() == x.size() && means.size() == sizes.examples * channels && inverses.size() == means.size(),
          "the gradient has another size than the examples");
  const Array dx = call.OutputInPlace(0, 0, dy.shape());
  // What each example adds to the gradients of scale, shift and bias, which are outputs from 1 on.
  const int64_t gradients = relu ? 3 : 2;
  PartialSums sums(sizes.examples, gradients * channels);
  InParallel(sizes.examples, [&](int64_t example) {
    const int64_t start = example * places * channels, at = example / sizes.each * channels;
    const float* mean = means.data() + example * channels;
    const float* inverse = inverses.data() + example * channels;
    float* tilt = sums.Of(example);
    float* level = tilt + channels;
    SumGradients(dy.data() + start, x.data() + start, mean, places, channels, level, tilt);
    std::vector<float> factor(channels), slope(channels), constant(channels);
    for (int64_t i = 0; i < channels; i++) {
      tilt[i] *= inverse[i];
      factor[i] = inverse[i] * scale.data()[at + i];
      constant[i] = level[i] * scale.data()[at + i];
      slope[i] = tilt[i] * scale.data()[at + i];
    }
    sizes.Average(constant.data());
    sizes.Average(slope.data());
    // dx = inverse * (scale * dy - mean of scale * dy - normal * mean of scale * dy * normal), over each group.
    for (int64_t i = 0; i < channels; i++) {
      slope[i] *= inverse[i] * inverse[i];
      constant[i] = slope[i] * mean[i] - constant[i] * inverse[i];
    }
    const float *dyOwn = dy.data() + start, *xOwn = x.data() + start;
    float* dxOwn = dx.data() + start;
    if (relu) {
      CombinePassed(dyOwn, xOwn, factor.data(), slope.data(), constant.data(), places, channels, dxOwn,
                    level + channels);
    } else {
      Combine(dyOwn, xOwn, factor.data(), slope.data(), constant.data(), places, channels, dxOwn);
    }
  });
  for (int64_t gradient = 0; gradient < gradients; gradient++) {
    const Array total = call.Output(1 + gradient, scale.shape());
    for (int64_t replica = 0; replica < sizes.replicas; replica++) {
      const float* own = gradient == 0 ? sums.Total(replica * sizes.each, sizes.each) : sums.Of(replica * sizes.each);
      std::copy_n(own + gradient * channels, channels, total.data() + replica * channels);
    }
  }
}

}  // namespace

Signature GroupNorm::signature() {
  return {"HeldoutGroupNorm", {"x", "scale", "shift"}, {"y", "mean", "inverse"}, "epsilon", "groups", {0, -1, -1}};
}

void GroupNorm::Compute(const Call& call, const Attributes& attributes) {
  const Array x = call.Input(0), scale = call.Input(1), shift = call.Input(2);
  const Sizes sizes(x, scale, attributes.count);
  Require(shift.size() == scale.size(), "scale and shift differ in size");
  const int64_t channels = sizes.channels, places = sizes.places;
  const Shape statistics{sizes.examples, channels};
  const Array y = call.Output(0, x.shape()), means = call.Output(1, statistics),
              inverses = call.Output(2, statistics);
  InParallel(sizes.examples, [&](int64_t example) {
    const float* own = x.data() + example * places * channels;
    float* mean = means.data() + example * channels;
    float* inverse = inverses.data() + example * channels;
    std::fill_n(mean, channels, 0.f);
    SumOver(own, places, channels, mean);
    sizes.Average(mean);
    std::fill_n(inverse, channels, 0.f);
    SumDeviations(own, mean, places, channels, inverse);
    sizes.Average(inverse);
    const int64_t at = example / sizes.each * channels;
    std::vector<float> factor(channels), offset(channels);
    for (int64_t i = 0; i < channels; i++) {
      inverse[i] = 1 / std::sqrt(inverse[i] + attributes.number);
      factor[i] = inverse[i] * scale.data()[at + i];
      offset[i] = shift.data()[at + i] - mean[i] * factor[i];
    }
    Apply(own, factor.data(), offset.data(), places, channels, y.data() + example * places * channels);
  });
}

Signature GroupNormGradient::signature() {
  return {"HeldoutGroupNormGrad",
          {"dy", "x", "scale", "mean", "inverse"},
          {"dx", "dscale", "dshift"},
          nullptr,
          "groups",
          {0, 2, 2}};
}

void GroupNormGradient::Compute(const Call& call, const Attributes& attributes) {
  ComputeGradient(call, attributes, false);
}

Signature GroupNormReluGradient::signature() {
  return {"HeldoutGroupNormReluGrad",
          {"dy", "x", "scale", "mean", "inverse"},
          {"dx", "dscale", "dshift", "dbias"},
          nullptr,
          "groups",
          {0, 2, 2, 2}};
}

void GroupNormReluGradient::Compute(const Call& call, const Attributes& attributes) {
  ComputeGradient(call, attributes, true);
}
