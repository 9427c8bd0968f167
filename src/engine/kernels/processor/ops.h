// The ops of this library. Each is what the function of the same name in src/engine/ops computes out of plain ops.
#pragma once

#include "op.h"

#define HELDOUT_OP(name)                                     \
  struct name {                                              \
    static Signature signature();                            \
    static void Compute(const Call&, const Attributes&);     \
  }

HELDOUT_OP(LayerNorm);
HELDOUT_OP(LayerNormGradient);
HELDOUT_OP(LayerNormAddedGradient);
HELDOUT_OP(ModuleNorm);
HELDOUT_OP(ModuleNormGradient);
HELDOUT_OP(GroupNorm);
HELDOUT_OP(GroupNormGradient);
HELDOUT_OP(GroupNormReluGradient);
HELDOUT_OP(BiasGradient);
HELDOUT_OP(ReluBiasGradient);
HELDOUT_OP(Softmax);
HELDOUT_OP(SoftmaxGradient);
HELDOUT_OP(Attention);
HELDOUT_OP(AttentionGradient);
HELDOUT_OP(SelfAttention);
HELDOUT_OP(SelfAttentionGradient);
HELDOUT_OP(LinkedAttention);
HELDOUT_OP(LinkedAttentionGradient);
HELDOUT_OP(Geglu);
HELDOUT_OP(GegluGradient);

#undef HELDOUT_OP
