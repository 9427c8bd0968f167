#include "op.h"

#include <string>

namespace {

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  operator TF_Status*() const { return status_; }
  bool Failed() const { return TF_GetCode(status_) != TF_OK; }
  void Check() const {
    if (Failed()) throw std::runtime_error(TF_Message(status_));
  }

 private:
  TF_Status* status_;
};

struct Kernel {
  Compute compute;
  Attributes attributes;
};

void RunKernel(void* kernel, TF_OpKernelContext* context) {
  const auto* self = static_cast<const Kernel*>(kernel);
  try {
    self->compute(Call(context), self->attributes);
  } catch (const std::exception& error) {
    const Status status;
    TF_SetStatus(status, TF_INVALID_ARGUMENT, error.what());
    TF_OpKernelContext_Failure(context, status);
  }
}

void DeleteKernel(void* kernel) { delete static_cast<Kernel*>(kernel); }

int64_t CountOf(const Shape& shape) {
  int64_t count = 1;
  for (const int64_t length : shape) count *= length;
  return count;
}

}  // namespace

Shape Array::shape() const {
  Shape shape(rank());
  for (int axis = 0; axis < rank(); axis++) shape[axis] = dim(axis);
  return shape;
}

Array Call::Input(int index) const {
  const Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context_, index, &tensor, status);
  status.Check();
  return Array(tensor);
}

Array Call::Output(int index, const Shape& shape) const {
  const Status status;
  const size_t bytes = CountOf(shape) * sizeof(float);
  TF_Tensor* tensor =
      TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), shape.size(), bytes, status);
  status.Check();
  return Array(tensor);
}

Array Call::OutputInPlace(int index, int input, const Shape& shape) const {
  const Status status;
  int forwarded = -1;
  TF_Tensor* tensor = TF_ForwardInputOrAllocateOutput(context_, &input, 1, index, shape.data(), shape.size(),
                                                      &forwarded, status);
  status.Check();
  return Array(tensor);
}

void RegisterSignature(const Signature& signature, CreateKernel create, InferShapes infer) {
  const Status status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(signature.name);
  for (const char* input : signature.inputs) {
    TF_OpDefinitionBuilderAddInput(definition, (std::string(input) + ": float").c_str());
  }
  for (const char* output : signature.outputs) {
    TF_OpDefinitionBuilderAddOutput(definition, (std::string(output) + ": float").c_str());
  }
  if (signature.number != nullptr) {
    TF_OpDefinitionBuilderAddAttr(definition, (std::string(signature.number) + ": float").c_str());
  }
  if (signature.count != nullptr) {
    TF_OpDefinitionBuilderAddAttr(definition, (std::string(signature.count) + ": int = 1").c_str());
  }
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, infer);
  TF_RegisterOpDefinition(definition, status);
  status.Check();
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(signature.name, "CPU", create, RunKernel, DeleteKernel);
  TF_RegisterKernelBuilder(signature.name, kernel, status);
  status.Check();
}

void* CreateWith(const Signature& signature, Compute compute, TF_OpKernelConstruction* construction) {
  auto kernel = std::make_unique<Kernel>();
  kernel->compute = compute;
  const Status status;
  Attributes& attributes = kernel->attributes;
  if (signature.number != nullptr) {
    TF_OpKernelConstruction_GetAttrFloat(construction, signature.number, &attributes.number, status);
  }
  if (signature.count != nullptr && !status.Failed()) {
    TF_OpKernelConstruction_GetAttrInt64(construction, signature.count, &attributes.count, status);
  }
  if (status.Failed()) TF_OpKernelConstruction_Failure(construction, status);
  return kernel.release();
}

void InferFrom(const Signature& signature, TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
  TF_ShapeHandle* shape = TF_NewShapeHandle();
  for (size_t output = 0; output < signature.shapes.size() && TF_GetCode(status) == TF_OK; output++) {
    const int input = signature.shapes[output];
    if (input < 0) continue;
    TF_ShapeInferenceContextGetInput(context, input, shape, status);
    if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, output, shape, status);
  }
  TF_DeleteShapeHandle(shape);
}
