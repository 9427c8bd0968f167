// Included before each file of the addon's binding: a tensor that is made of a typed array owns a copy of its values.
//
// The binding lends V8's memory to TensorFlow where the address happens to suit, and gives the reference back where
// TensorFlow lets go of the tensor: often on a thread of its own, for example where a step assigns a variable its second
// value. Node-API's references belong to JavaScript's thread, so that damages the heap. And an op that updates in place
// would write into the array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tensorflow/c/c_api.h"

inline TF_Tensor* HeldoutOwnedTensor(TF_DataType type, const int64_t* shape, int rank, void* values, size_t bytes,
                                     void (*release)(void* values, size_t bytes, void* argument), void* argument) {
  TF_Tensor* tensor = TF_AllocateTensor(type, shape, rank, bytes);
  if (tensor != nullptr && bytes > 0) memcpy(TF_TensorData(tensor), values, bytes);
  release(values, bytes, argument);
  return tensor;
}

#define TF_NewTensor HeldoutOwnedTensor
