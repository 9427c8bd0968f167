"""Small networks of timm with random weights, and what they answer, for src/models/pretrained.

python scripts/golden/pretrained.py    (needs torch, timm and safetensors; written with torch 2.15 and timm 1.0.31)

Writes safetensors files and golden.json to src/models/pretrained/testing. Weights are rounded to the type of their file
first; answers are computed in double precision.
"""

import json
import os

import torch
from safetensors.torch import save_file
from timm.layers import resample_abs_pos_embed
from timm.models.resnet import BasicBlock, Bottleneck, ResNet
from timm.models.vision_transformer import VisionTransformer

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "src", "models", "pretrained", "testing")
WIDTHS = (4, 8, 16, 32)
VIT = {"patch_size": 8, "embed_dim": 32, "depth": 2, "num_heads": 2, "num_classes": 5}



def plain_stem():
    """timm's plain stem has 64 channels whatever the others have."""
    net = ResNet(BasicBlock, [2, 1, 1, 1], num_classes=5, stem_type="deep", stem_width=2, channels=WIDTHS)
    net.conv1 = torch.nn.Conv2d(3, WIDTHS[0], 7, stride=2, padding=3, bias=False)
    return net


NETS = {
    "resnet-d": (
        lambda: ResNet(
            Bottleneck, [1, 2, 1, 1], num_classes=5, stem_type="deep", stem_width=2, avg_down=True, channels=WIDTHS
        ),
        torch.float16,
        (40, 35),
    ),
    "resnet-basic": (plain_stem, torch.float32, (32, 33)),
    "vit": (lambda: VisionTransformer(img_size=32, **VIT), torch.bfloat16, (32,)),
}


def randomise(net, dtype):
    """Every array is such that it matters; values are those that the file's type has."""
    state = {}
    for name, array in net.state_dict().items():
        if name.endswith("num_batches_tracked"):
            state[name] = array + 3
            continue
        if name.endswith("running_var"):
            drawn = 0.5 + torch.rand(array.shape)
        elif array.dim() == 1 and name.endswith("weight"):
            drawn = 1 + 0.3 * torch.randn(array.shape)
        else:
            fan = array[0].numel() if array.dim() > 1 and "embed" not in name[-5:] else 4
            drawn = torch.randn(array.shape) * fan**-0.5
        state[name] = drawn.to(dtype)
    net.load_state_dict({name: array.float() if array.is_floating_point() else array for name, array in state.items()})
    return state


def image_of(side):
    """Closed-form pixels, so that no image need be kept: `[1, 3, side, side]`."""
    at = torch.arange(side * side * 3, dtype=torch.float64).view(1, side, side, 3)
    return ((at * 37) % 101 / 50 - 1).permute(0, 3, 1, 2)


def answer(net, side):
    with torch.no_grad():
        return net.double().eval()(image_of(side))[0].tolist()


def main():
    torch.manual_seed(7)
    golden = {"images": "pixel i of an image, row-major with channels last, is (37 i mod 101) / 50 - 1", "nets": []}
    for name, (build, dtype, sides) in NETS.items():
        net = build()
        state = randomise(net, dtype)
        save_file(state, os.path.join(FOLDER, f"{name}.safetensors"))
        for side in sides:
            golden["nets"].append({"file": name, "side": side, "logits": answer(net, side)})
    larger = VisionTransformer(img_size=48, **VIT)
    resized = resample_abs_pos_embed(net.state_dict()["pos_embed"].float(), [6, 6], num_prefix_tokens=1)
    larger.load_state_dict({**net.state_dict(), "pos_embed": resized})
    golden["nets"].append({"file": "vit", "side": 48, "logits": answer(larger, 48)})
    golden["positions"] = []
    given = torch.randn(1, 1 + 5 * 5, 2)
    for rows, columns in ((5, 5), (3, 3), (7, 9), (2, 8)):
        found = resample_abs_pos_embed(given, [rows, columns], [5, 5], num_prefix_tokens=1)
        golden["positions"].append({"to": [rows, columns], "values": found.flatten().tolist()})
    golden["given"] = given.flatten().tolist()
    with open(os.path.join(FOLDER, "golden.json"), "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main()
