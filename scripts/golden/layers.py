"""Makes src/models/testing/pytorch-layers.json: what PyTorch computes for single layers.

    python scripts/golden/layers.py && npm run format       (needs torch and numpy; CPU, float32, one thread)

Arrays come from the formula of pytorch.py, as 2u - 1: parameter p of a case is stream p, its inputs are the streams
100 on, the weights of the outputs stream 300. Gradients are those of the sum of all outputs times these weights.
All arrays are in Heldout's layout, in full. `initial` is the largest absolute value that PyTorch's own
initialisation gives each parameter over several fresh layers.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F
from pytorch import OUTPUT, number, shorten
from torch import nn

TARGET = OUTPUT.with_name("pytorch-layers.json")
CHANNELS_LAST, CHANNELS_FIRST = (0, 2, 3, 1), (0, 3, 1, 2)


def fill(stream, shape):
    values = (2 * number(stream, int(np.prod(shape))) - 1).astype(np.float32).reshape(shape)
    return torch.from_numpy(values).requires_grad_()


def run(name, inputs, parameters, apply, initial=None):
    values = {key: fill(stream, shape) for stream, (key, shape) in enumerate(parameters.items())}
    arrays = [fill(100 + index, shape) for index, shape in enumerate(inputs)]
    output = apply(values, *arrays)
    weights = fill(300, output.shape).detach()
    (output * weights).sum().backward()
    flat = lambda tensor: [shorten(v) for v in tensor.detach().numpy().reshape(-1)]
    return {
        "name": name,
        "inputs": [list(shape) for shape in inputs],
        "parameters": {key: list(shape) for key, shape in parameters.items()},
        "output": {"shape": list(output.shape), "values": flat(output)},
        "inputGradients": [flat(array.grad) for array in arrays],
        "gradients": {key: flat(value.grad) for key, value in values.items()},
        **({"initial": initial} if initial else {}),
    }


def attention(width, heads, causal=False, mask=None):
    def apply(p, query, *others):
        key, value = others if others else (query, query)
        layer = nn.MultiheadAttention(width, heads, batch_first=True)
        packed = {
            "in_proj_weight": torch.cat([p[f"attention/{n}/kernel"].T for n in ("query", "key", "value")]),
            "in_proj_bias": torch.cat([p[f"attention/{n}/bias"] for n in ("query", "key", "value")]),
            "out_proj.weight": p["attention/out/kernel"].T,
            "out_proj.bias": p["attention/out/bias"],
        }
        hidden = mask
        if causal:
            hidden = torch.triu(torch.ones(query.shape[1], key.shape[1], dtype=torch.bool), 1)
        options = {"need_weights": False, "attn_mask": hidden}
        return torch.func.functional_call(layer, packed, (query, key, value), options)[0]

    return apply


def attention_parameters(width):
    names = ("query", "key", "value", "out")
    return {f"attention/{n}/{part}": s for n in names for part, s in (("kernel", (width, width)), ("bias", (width,)))}


def attention_initial(width):
    layers = [nn.MultiheadAttention(width, 4) for _ in range(5)]
    largest = lambda pick: shorten(max(pick(layer).abs().max().item() for layer in layers))
    packed = {}
    for i, n in enumerate(("query", "key", "value")):
        packed[f"attention/{n}/kernel"] = largest(lambda l: l.in_proj_weight[i * width : (i + 1) * width])
        packed[f"attention/{n}/bias"] = largest(lambda l: l.in_proj_bias[i * width : (i + 1) * width])
    return {
        **packed,
        "attention/out/kernel": largest(lambda l: l.out_proj.weight),
        "attention/out/bias": largest(lambda l: l.out_proj.bias),
    }


def on_images(layer):
    return lambda p, x: layer(p, x.permute(CHANNELS_FIRST)).permute(CHANNELS_LAST)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    norm = {"norm/scale": (16,), "norm/shift": (16,)}
    ones = {"norm/scale": 1.0, "norm/shift": 0.0}
    layer_norm = lambda p, x: F.layer_norm(x, (16,), p["norm/scale"], p["norm/shift"])
    group_norm = lambda p, x: F.group_norm(x, 4, p["norm/scale"], p["norm/shift"])
    cases = [
        run("layer norm", [(2, 3, 16)], norm, layer_norm, ones),
        run("group norm", [(2, 3, 4, 16)], norm, on_images(group_norm), ones),
        run("attention", [(2, 5, 16)], attention_parameters(16), attention(16, 4), attention_initial(16)),
        run("causal attention", [(2, 5, 16)], attention_parameters(16), attention(16, 2, causal=True)),
        run("cross-attention", [(2, 3, 16), (2, 5, 16), (2, 5, 16)], attention_parameters(16), attention(16, 4)),
        run("max pool", [(2, 7, 7, 3)], {}, on_images(lambda p, x: F.max_pool2d(x, 3, 2))),
        run("average pool", [(2, 6, 6, 3)], {}, on_images(lambda p, x: F.avg_pool2d(x, 2))),
        run("gelu", [(4, 16)], {}, lambda p, x: F.gelu(3 * x)),
        run("gelu, tanh", [(4, 16)], {}, lambda p, x: F.gelu(3 * x, approximate="tanh")),
    ]
    TARGET.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
