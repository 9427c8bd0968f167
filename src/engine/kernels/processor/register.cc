#include <exception>
#include <string>

#include "ops.h"

// Registers all ops with TensorFlow, once per process; returns what went wrong, or null. Called by the loader.
extern "C" const char* HeldoutRegisterOps() {
  try {
    RegisterOp<LayerNorm>();
    RegisterOp<LayerNormGradient>();
    RegisterOp<LayerNormAddedGradient>();
    RegisterOp<ModuleNorm>();
    RegisterOp<ModuleNormGradient>();
    RegisterOp<GroupNorm>();
    RegisterOp<GroupNormGradient>();
    RegisterOp<GroupNormReluGradient>();
    RegisterOp<BiasGradient>();
    RegisterOp<ReluBiasGradient>();
    RegisterOp<Softmax>();
    RegisterOp<SoftmaxGradient>();
    RegisterOp<Attention>();
    RegisterOp<AttentionGradient>();
    RegisterOp<SelfAttention>();
    RegisterOp<SelfAttentionGradient>();
    RegisterOp<LinkedAttention>();
    RegisterOp<LinkedAttentionGradient>();
    RegisterOp<Geglu>();
    RegisterOp<GegluGradient>();
    return nullptr;
  } catch (const std::exception& error) {
    static const std::string message = error.what();
    return message.c_str();
  }
}
