// Scaled dot-product attention of several heads that lie side by side, and its gradient
// (src/engine/ops/attention.ts): nothing is transposed on the way, and a head's scores stay in the cache.
#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <tuple>
#include <utility>

#include "multiply.h"
#include "numbers.h"
#include "ops.h"
#include "parallel.h"

namespace {

// Where the heads of query, key and value lie: in three arrays, or as three parts of every row of one.
struct Heads {
  // Of `[batch, length, heads * width]`.
  struct Part {
    float* data;
    int64_t length, width, row;
    float* Of(int64_t example, int64_t head) const { return data + example * length * row + head * width; }
  };

  Heads(const Array& query, const Array& key, const Array& value, int64_t heads) : count(heads) {
    Require(query.rank() == 3 && key.rank() == 3 && value.rank() == 3, "attention takes arrays of three axes");
    Require(heads > 0 && query.width() % heads == 0 && value.width() % heads == 0,
            "the widths do not divide into the heads");
    Require(key.dim(0) == query.dim(0) && value.dim(0) == query.dim(0) && value.dim(1) == key.dim(1) &&
                key.width() == query.width() && key.dim(1) > 0,
            "query, key and value do not fit together");
    batch = query.dim(0);
    for (const auto& [part, array] : {std::pair(&q, &query), {&k, &key}, {&v, &value}}) {
      *part = {array->data(), array->dim(1), array->width() / heads, array->width()};
    }
  }

  Heads(const Array& packed, int64_t heads) : count(heads) {
    Require(packed.rank() == 3 && heads > 0 && packed.width() % (3 * heads) == 0 && packed.dim(1) > 0,
            "the width does not divide into three times the heads");
    batch = packed.dim(0);
    const int64_t width = packed.width() / 3;
    for (Part* part : {&q, &k, &v}) {
      *part = {packed.data() + (part - &q) * width, packed.dim(1), width / heads, packed.width()};
    }
  }

  Shape MixedShape() const { return {batch, q.length, count * v.width}; }
  Shape WeightsShape() const { return {batch, count, q.length, k.length}; }

  int64_t count, batch;
  Part q, k, v;
};

// Memory of one thread that is used again, aligned to what the processor loads at once.
class Scratch {
 public:
  float* Take(int64_t size) {
    if (size > size_) {
      values_.reset(static_cast<float*>(operator new(size * sizeof(float), alignment)));
      size_ = size;
    }
    return values_.get();
  }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(float* values) const { operator delete(values, alignment); }
  };
  std::unique_ptr<float, Free> values_;
  int64_t size_ = 0;
};

thread_local Scratch turnedScratch, scoresScratch;

// So many numbers fill whole vectors on any processor.
constexpr int64_t Filled(int64_t length) { return (length + 15) / 16 * 16; }

// `[rows, columns]`, whose rows are `row` apart, transposed to rows side by side, which are filled up with zeros.
Matrix Transpose(const float* from, int64_t rows, int64_t columns, int64_t row) {
  const int64_t filled = Filled(rows);
  float* to = turnedScratch.Take(filled * columns);
  for (int64_t j = 0; j < columns; j++) {
#pragma omp simd
    for (int64_t i = 0; i < rows; i++) to[j * filled + i] = from[i * row + j];
    std::fill(to + j * filled + rows, to + (j + 1) * filled, 0);
  }
  return {to, filled, 1};
}

// weights = softmax(scale * q * k^T + links), mixed = weights * v. Links `[batch, queries, keys]`, if there are any, are
// the same for the heads of an example.
void Mix(const Heads& heads, float scale, const float* links, float* mixed, float* weights) {
  const auto& [q, k, v] = std::tie(heads.q, heads.k, heads.v);
  const int64_t out = heads.count * v.width;
  InParallel(heads.batch * heads.count, [&](int64_t part) {
    const int64_t example = part / heads.count, head = part % heads.count;
    float* w = weights + part * q.length * k.length;
    const Matrix turned = Transpose(k.Of(example, head), k.length, k.width, k.row);
    // Rows of whole vectors, whose ends weigh nothing: what is left of a row would be worked on number by number.
    const int64_t filled = turned.row;
    float* scores = filled == k.length ? w : scoresScratch.Take(q.length * filled);
    Multiply(q.length, filled, q.width, {q.Of(example, head), q.row, 1}, turned, scores, filled);
    const float* own = links == nullptr ? nullptr : links + example * q.length * k.length;
    for (int64_t i = 0; i < q.length; i++) {
      float* row = scores + i * filled;
      std::fill(row + k.length, row + filled, std::numeric_limits<float>::lowest());
      if (own == nullptr) {
        Weigh(row, scale, filled, row);
      } else {
#pragma omp simd
        for (int64_t j = 0; j < k.length; j++) row[j] = row[j] * scale + own[i * k.length + j];
        Weigh(row, 1, filled, row);
      }
      if (scores != w) std::copy_n(row, k.length, w + i * k.length);
    }
    float* y = mixed + example * q.length * out + head * v.width;
    Multiply(q.length, v.width, k.length, {scores, filled, 1}, {v.Of(example, head), v.row, 1}, y, out);
  });
}

// The gradients of q, k and v, to where those of `to` lie, and those of the links, if there are any.
void MixGradient(const Heads& heads, float scale, const Array& dy, const Array& weights, const Heads& to,
                 float* dlinks) {
  const auto& [q, k, v] = std::tie(heads.q, heads.k, heads.v);
  Require(weights.size() == heads.batch * heads.count * q.length * k.length &&
              dy.size() == heads.batch * q.length * heads.count * v.width,
          "the gradient has another size than the output");
  const int64_t out = heads.count * v.width;
  const auto descend = [&](int64_t part) {
    const int64_t example = part / heads.count, head = part % heads.count;
    const Matrix d{dy.data() + example * q.length * out + head * v.width, out, 1};
    const Matrix w{weights.data() + part * q.length * k.length, k.length, 1};
    Multiply(k.length, v.width, q.length, w.Transposed(), d, to.v.Of(example, head), to.v.row);
    const Matrix turned = Transpose(v.Of(example, head), v.length, v.width, v.row);
    const int64_t filled = turned.row;
    float* scores = scoresScratch.Take(q.length * filled);
    Multiply(q.length, filled, v.width, d, turned, scores, filled);
    for (int64_t i = 0; i < q.length; i++) {
      float* row = scores + i * filled;
      if (dlinks == nullptr) {
        WeighGradient(w.data + i * k.length, row, scale, k.length, row);
        continue;
      }
      WeighGradient(w.data + i * k.length, row, 1, k.length, row);
      float* sums = dlinks + (example * q.length + i) * k.length;
#pragma omp simd
      for (int64_t j = 0; j < k.length; j++) {
        sums[j] = head == 0 ? row[j] : sums[j] + row[j];
        row[j] *= scale;
      }
    }
    const Matrix g{scores, filled, 1};
    Multiply(q.length, q.width, k.length, g, {k.Of(example, head), k.row, 1}, to.q.Of(example, head), to.q.row);
    Multiply(k.length, q.width, q.length, g.Transposed(), {q.Of(example, head), q.row, 1}, to.k.Of(example, head),
             to.k.row);
  };
  if (dlinks == nullptr) {
    InParallel(heads.batch * heads.count, descend);
    return;
  }
  // The heads of an example add to the same sums, one after the other.
  InParallel(heads.batch, [&](int64_t example) {
    for (int64_t head = 0; head < heads.count; head++) descend(example * heads.count + head);
  });
}

}  // namespace

Signature Attention::signature() {
  return {"HeldoutAttention", {"query", "key", "value"}, {"mixed", "weights"}, "scale", "heads", {-1, -1}};
}

void Attention::Compute(const Call& call, const Attributes& attributes) {
  const Array query = call.Input(0), key = call.Input(1), value = call.Input(2);
  const Heads heads(query, key, value, attributes.count);
  const Array mixed = call.Output(0, heads.MixedShape()), weights = call.Output(1, heads.WeightsShape());
  Mix(heads, attributes.number, nullptr, mixed.data(), weights.data());
}

Signature AttentionGradient::signature() {
  return {"HeldoutAttentionGrad",
          {"dy", "query", "key", "value", "weights"},
          {"dquery", "dkey", "dvalue"},
          "scale",
          "heads",
          {1, 2, 3}};
}

void AttentionGradient::Compute(const Call& call, const Attributes& attributes) {
  const Array dy = call.Input(0), query = call.Input(1), key = call.Input(2), value = call.Input(3),
              weights = call.Input(4);
  const Array dquery = call.Output(0, query.shape()), dkey = call.Output(1, key.shape()),
              dvalue = call.Output(2, value.shape());
  MixGradient(Heads(query, key, value, attributes.count), attributes.number, dy, weights,
              Heads(dquery, dkey, dvalue, attributes.count), nullptr);
}

Signature SelfAttention::signature() {
  return {"HeldoutSelfAttention", {"packed"}, {"mixed", "weights"}, "scale", "heads", {-1, -1}};
}

void SelfAttention::Compute(const Call& call, const Attributes& attributes) {
  const Array packed = call.Input(0);
  const Heads heads(packed, attributes.count);
  const Array mixed = call.Output(0, heads.MixedShape()), weights = call.Output(1, heads.WeightsShape());
  Mix(heads, attributes.number, nullptr, mixed.data(), weights.data());
}

Signature SelfAttentionGradient::signature() {
  return {"HeldoutSelfAttentionGrad", {"dy", "packed", "weights"}, {"dpacked"}, "scale", "heads", {1}};
}

void SelfAttentionGradient::Compute(const Call& call, const Attributes& attributes) {
  const Array dy = call.Input(0), packed = call.Input(1), weights = call.Input(2);
  const Array dpacked = call.Output(0, packed.shape());
  MixGradient(Heads(packed, attributes.count), attributes.number, dy, weights, Heads(dpacked, attributes.count),
              nullptr);
}

Signature LinkedAttention::signature() {
  return {"HeldoutLinkedAttention",
          {"query", "key", "value", "links"},
          {"mixed", "weights"},
          "scale",
          "heads",
          {-1, -1}};
}

void LinkedAttention::Compute(const Call& call, const Attributes& attributes) {
  const Array query = call.Input(0), key = call.Input(1), value = call.Input(2), links = call.Input(3);
  const Heads heads(query, key, value, attributes.count);
  Require(links.size() == heads.batch * heads.q.length * heads.k.length, "the links have another size than the scores");
  const Array mixed = call.Output(0, heads.MixedShape()), weights = call.Output(1, heads.WeightsShape());
  Mix(heads, attributes.number, links.data(), mixed.data(), weights.data());
}

Signature LinkedAttentionGradient::signature() {
  return {"HeldoutLinkedAttentionGrad",
          {"dy", "query", "key", "value", "weights"},
          {"dquery", "dkey", "dvalue", "dlinks"},
          "scale",
          "heads",
          {1, 2, 3, -1}};
}

void LinkedAttentionGradient::Compute(const Call& call, const Attributes& attributes) {
  const Array dy = call.Input(0), query = call.Input(1), key = call.Input(2), value = call.Input(3),
              weights = call.Input(4);
  const Array dquery = call.Output(0, query.shape()), dkey = call.Output(1, key.shape()),
              dvalue = call.Output(2, value.shape());
  const Heads heads(query, key, value, attributes.count);
  const Array dlinks = call.Output(3, {heads.batch, heads.q.length, heads.k.length});
  MixGradient(heads, attributes.number, dy, weights, Heads(dquery, dkey, dvalue, attributes.count), dlinks.data());
}
