// TensorFlow's C interface for ops of float32 on the processor.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tensorflow.h"

using Shape = std::vector<int64_t>;

// An input, or a place for an output.
class Array {
 public:
  explicit Array(TF_Tensor* tensor) : tensor_(tensor), data_(static_cast<float*>(TF_TensorData(tensor))) {}
  Array(Array&& other) : tensor_(other.tensor_), data_(other.data_) { other.tensor_ = nullptr; }
  ~Array() {
    if (tensor_ != nullptr) TF_DeleteTensor(tensor_);
  }

  // Kept, since kernels ask for every row.
  float* data() const { return data_; }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  int rank() const { return TF_NumDims(tensor_); }
  int64_t dim(int axis) const { return TF_Dim(tensor_, axis); }
  // The length of the last axis.
  int64_t width() const { return dim(rank() - 1); }
  Shape shape() const;

 private:
  TF_Tensor* tensor_;
  float* data_;
};

// One run of an op.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context) {}
  Array Input(int index) const;
  Array Output(int index, const Shape& shape) const;
  // In the buffer of this input, if nobody else reads it; it has the shape of the output.
  Array OutputInPlace(int index, int input, const Shape& shape) const;

 private:
  TF_OpKernelContext* context_;
};

// What a node says of itself.
struct Attributes {
  float number = 0;
  int64_t count = 1;
};

// How TensorFlow knows an op.
struct Signature {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  // The attribute that is a float, and the one that is an integer; either may be null.
  const char* number;
  const char* count;
  // For every output the input whose shape it has, or -1.
  std::vector<int> shapes;
};

using CreateKernel = void* (*)(TF_OpKernelConstruction*);
using InferShapes = void (*)(TF_ShapeInferenceContext*, TF_Status*);
using Compute = void (*)(const Call&, const Attributes&);

// The parts of RegisterOp that are the same for all.
void RegisterSignature(const Signature& signature, CreateKernel create, InferShapes infer);
void* CreateWith(const Signature& signature, Compute compute, TF_OpKernelConstruction* construction);
void InferFrom(const Signature& signature, TF_ShapeInferenceContext* context, TF_Status* status);

// Registers an op: a type with `static Signature signature()` and `static void Compute(const Call&, const
// Attributes&)`, which may throw. Throws std::runtime_error when TensorFlow does not take it.
template <class Op>
void RegisterOp() {
  RegisterSignature(
      Op::signature(),
      [](TF_OpKernelConstruction* construction) {
        return CreateWith(Op::signature(), Op::Compute, construction);
      },
      [](TF_ShapeInferenceContext* context, TF_Status* status) {
        InferFrom(Op::signature(), context, status);
      });
}

inline void Require(bool condition, const char* message) {
  if (!condition) throw std::runtime_error(message);
}
