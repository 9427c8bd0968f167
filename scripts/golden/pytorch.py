"""Makes src/models/testing/pytorch-golden.json: what PyTorch computes for the CNN and the MLP of Schott et al.

    python scripts/golden/pytorch.py && npm run format       (needs torch and numpy; CPU, float32, one thread)

Weights, images and targets are not stored. Both sides compute them from the same integer formula,
`number(stream, index)` below: array number `stream` of a case, element `index` in row-major order of *Heldout's*
layout (images [batch, height, width, channels], convolution kernels [height, width, in, out], dense kernels
[in, out]). Stream p is parameter p in the order of the case's `parameters`; 100 + b are the images and 200 + b the
targets of batch b. With u = number(...): weights and biases are (2u - 1) sqrt(6 / fan_in), which carries the signal
through all layers; images are u (e + 1) / 4 for example e = 0 .. 3 of the batch; targets are u. All are computed in
float64, then rounded to float32.

The steps of Adam go through the batches in turn, over and over. Gradients are taken at the given weights.
Arrays of more than `full` elements are stored as norm, sum and elements at the indices
floor(k * size / samples), k = 0 .. samples - 1. All arrays are in Heldout's layout.

`initial` is what PyTorch's own default initialisation gives: the largest absolute value and the standard deviation of
every parameter over several fresh models.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

BATCHES, BATCH_SIZE, ADAM_STEPS, LEARNING_RATE = 3, 4, 10, 5e-4
FULL, SAMPLES = 128, 64
OUTPUT = Path(__file__).resolve().parents[2] / "src/models/testing/pytorch-golden.json"


def number(stream: int, count: int) -> np.ndarray:
    """Uniform numbers in [0, 1): Murmur3's finaliser over (stream, index), 32-bit unsigned arithmetic."""
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) + np.uint32(stream) * np.uint32(0x9E3779B9)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 2.0**32


class Cnn(nn.Module):
    def __init__(self, channels: int, outputs: int):
        super().__init__()
        self.layers = nn.ModuleDict(
            {
                "conv1": nn.Conv2d(channels, 32, 4, 2, 1),
                "conv2": nn.Conv2d(32, 32, 4, 2, 1),
                "conv3": nn.Conv2d(32, 64, 4, 2, 1),
                "conv4": nn.Conv2d(64, 64, 4, 2, 1),
                "conv5": nn.Conv2d(64, 256, 4),
                "read-out": nn.Linear(256, outputs),
            }
        )

    def forward(self, x):
        *convolutions, read_out = self.layers.values()
        for convolution in convolutions:
            x = torch.relu(convolution(x))
        return read_out(x.flatten(1))


class Mlp(nn.Module):
    def __init__(self, channels: int, outputs: int, widths=(90, 90, 90, 90, 22)):
        super().__init__()
        sizes = [64 * 64 * channels, *widths]
        layers = {f"dense{i + 1}": nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(widths))}
        self.layers = nn.ModuleDict({**layers, "read-out": nn.Linear(sizes[-1], outputs)})

    def forward(self, x):
        *hidden, read_out = self.layers.values()
        x = x.permute(0, 2, 3, 1).flatten(1)  # channels last, as Heldout flattens
        for layer in hidden:
            x = torch.relu(layer(x))
        return read_out(x)


def parameters(model: nn.Module):
    """Name in Heldout, tensor, fan-in, and the axes that take Heldout's layout to PyTorch's."""
    for name, layer in model.layers.items():
        fan_in = layer.weight[0].numel()
        yield f"{name}/kernel", layer.weight, fan_in, (3, 2, 0, 1) if layer.weight.dim() == 4 else (1, 0)
        yield f"{name}/bias", layer.bias, fan_in, (0,)


def to_heldout(tensor: torch.Tensor, axes) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().numpy().transpose(np.argsort(axes)))


def shorten(value) -> float:
    return float(np.format_float_scientific(np.float32(value), unique=True))


def summarise(array: np.ndarray) -> dict:
    flat = array.reshape(-1).astype(np.float64)
    if flat.size <= FULL:
        return {"values": [shorten(v) for v in flat]}
    picked = flat[np.arange(SAMPLES) * flat.size // SAMPLES]
    return {
        "norm": shorten(np.sqrt((flat**2).sum())),
        "sum": shorten(flat.sum()),
        "values": [shorten(v) for v in picked],
    }


def make_case(name: str, build, channels: int, outputs: int) -> dict:
    torch.manual_seed(0)
    fresh = [list(parameters(build(channels, outputs))) for _ in range(5)]
    initial = {}
    for index, (parameter, *_) in enumerate(fresh[0]):
        values = np.concatenate([model[index][1].detach().numpy().reshape(-1) for model in fresh])
        initial[parameter] = {"largest": shorten(np.abs(values).max()), "deviation": shorten(values.std())}

    model = build(channels, outputs)
    described = []
    for stream, (parameter, tensor, fan_in, axes) in enumerate(parameters(model)):
        shape = [tensor.shape[axis] for axis in np.argsort(axes)]
        values = ((2 * number(stream, tensor.numel()) - 1) * np.sqrt(6 / fan_in)).astype(np.float32)
        with torch.no_grad():
            tensor.copy_(torch.from_numpy(np.ascontiguousarray(values.reshape(shape).transpose(axes))))
        described.append({"name": parameter, "shape": shape, "fanIn": fan_in})

    batches = []
    for b in range(BATCHES):
        images = number(100 + b, BATCH_SIZE * 64 * 64 * channels).reshape(BATCH_SIZE, 64, 64, channels)
        images *= (np.arange(BATCH_SIZE).reshape(-1, 1, 1, 1) + 1) / BATCH_SIZE
        images = images.astype(np.float32).transpose(0, 3, 1, 2)
        targets = number(200 + b, BATCH_SIZE * outputs).astype(np.float32).reshape(BATCH_SIZE, outputs)
        batches.append((torch.from_numpy(np.ascontiguousarray(images)), torch.from_numpy(targets)))

    def loss_of(outputs_, targets):
        return ((outputs_ - targets) ** 2).sum(dim=1).mean()

    results = []
    for images, targets in batches:
        model.zero_grad()
        predicted = model(images)
        loss = loss_of(predicted, targets)
        loss.backward()
        results.append(
            {
                "outputs": [[shorten(v) for v in row] for row in predicted.detach().numpy()],
                "loss": shorten(loss.item()),
                "gradients": {n: summarise(to_heldout(t.grad, axes)) for n, t, _, axes in parameters(model)},
            }
        )

    adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    losses = []
    for step in range(ADAM_STEPS):
        images, targets = batches[step % BATCHES]
        adam.zero_grad()
        loss = loss_of(model(images), targets)
        loss.backward()
        adam.step()
        losses.append(shorten(loss.item()))
    return {
        "name": name,
        "channels": channels,
        "outputs": outputs,
        "count": sum(t.numel() for _, t, *_ in parameters(model)),
        "parameters": described,
        "initial": initial,
        "batches": results,
        "adam": {
            "losses": losses,
            "weights": {n: summarise(to_heldout(t, axes)) for n, t, _, axes in parameters(model)},
        },
    }


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    golden = {
        "torch": torch.__version__.split("+")[0],
        "batchSize": BATCH_SIZE,
        "learningRate": LEARNING_RATE,
        "steps": ADAM_STEPS,
        "full": FULL,
        "samples": SAMPLES,
        "cases": [
            make_case("cnn", Cnn, channels=1, outputs=5),
            make_case("cnn", Cnn, channels=3, outputs=6),
            make_case("mlp", Mlp, channels=1, outputs=5),
        ],
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
