"""The fine-tuning of ResNet-50 of fine-tuning/worker.ts in PyTorch, as torchvision's class and DomainBed do it.

    python scripts/bench/fine-tuning/peer.py FOLDER     answers requests {steps, channels_last, threads} on standard input

The worker has written FOLDER: images, labels and parameters. Batch norms are in evaluation mode, their weights and
biases are trained; Adam.
"""

import json
import os
import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn

RATE = 5e-5
PARTS = {
    "kernel": "weight",
    "scale": "weight",
    "shift": "bias",
    "bias": "bias",
    "mean": "running_mean",
    "variance": "running_var",
}


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride, shorter):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.norm3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        if shorter:
            self.shortcut = nn.Conv2d(inputs, 4 * width, 1, stride, bias=False)
            setattr(self, "shortcut-norm", nn.BatchNorm2d(4 * width))
        self.shorter = shorter

    def forward(self, x):
        past = getattr(self, "shortcut-norm")(self.shortcut(x)) if self.shorter else x
        y = self.relu(self.norm1(self.conv1(x)))
        y = self.relu(self.norm2(self.conv2(y)))
        y = self.norm3(self.conv3(y))
        y += past
        return self.relu(y)


class ResNet50(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = nn.ModuleDict({"conv1": nn.Conv2d(3, 64, 7, 2, 3, bias=False), "norm1": nn.BatchNorm2d(64)})
        inputs = 64
        for stage, count in enumerate((3, 4, 6, 3)):
            width, blocks = 64 * 2**stage, {}
            for at in range(count):
                stride = 2 if stage > 0 and at == 0 else 1
                blocks[f"block{at + 1}"] = Bottleneck(inputs, width, stride, at == 0)
                inputs = 4 * width
            setattr(self, f"stage{stage + 1}", nn.ModuleDict(blocks))
        setattr(self, "read-out", nn.Linear(inputs, classes))
        self.relu, self.pool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)

    def forward(self, x):
        x = self.pool(self.relu(self.stem["norm1"](self.stem["conv1"](x))))
        for stage in range(1, 5):
            for block in getattr(self, f"stage{stage}").values():
                x = block(x)
        return getattr(self, "read-out")(x.mean((2, 3)))


def load(folder):
    with open(os.path.join(folder, "arrays.json")) as file:
        shapes = json.load(file)
    arrays = {}
    for name, shape in shapes.items():
        kind = "<i4" if name == "label" else "<f4"
        data = numpy.fromfile(os.path.join(folder, name.replace("/", "-")), kind)
        arrays[name] = torch.from_numpy(data).view(shape)
    return arrays


def make_step(arrays, channels_last):
    images, labels = arrays["image"].permute(0, 3, 1, 2).contiguous(), arrays["label"].long()
    network = ResNet50(arrays["read-out/bias"].numel())
    state = {}
    for name, array in arrays.items():
        path, _, part = name.rpartition("/")
        if path == "":
            continue
        turned = array.permute(3, 2, 0, 1) if array.dim() == 4 else array.T if array.dim() == 2 else array
        state[f"{path.replace('/', '.')}.{PARTS[part]}"] = turned
    counters = {name: value for name, value in network.state_dict().items() if name.endswith("num_batches_tracked")}
    network.load_state_dict({**state, **counters})
    network.eval()
    if channels_last:
        network, images = (one.to(memory_format=torch.channels_last) for one in (network, images))
    adam = torch.optim.Adam(network.parameters(), lr=RATE)

    def step():
        adam.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        adam.step()
        return loss.item()

    return step


def main(folder):
    # Libraries may write to standard output, which carries the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    arrays, made, usual = load(folder), {}, torch.get_num_threads()
    print(json.dumps({"ready": True, "torch": torch.__version__}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        layout = bool(request["channels_last"])
        torch.set_num_threads(request["threads"] or usual)
        if layout not in made:
            made[layout] = make_step(arrays, layout)
        times, losses = [], []
        for _ in range(request["steps"]):
            start = time.perf_counter()
            losses.append(made[layout]())
            times.append(time.perf_counter() - start)
        print(json.dumps({"times": times, "losses": losses}), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
