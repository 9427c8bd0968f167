"""The runs of environments/worker.ts in PyTorch, as one writes them by hand.

    python scripts/bench/environments/peer.py JOB FOLDER     answers requests {steps} on standard input

The worker has written FOLDER: batches and initial parameters. `irm`: full batches of two environments, the penalty by
differentiating twice, Adam. `rotated-mnist`: the update of DomainBed's ERM (Gulrajani & Lopez-Paz, ICLR 2021), the batches
of all environments in one, without its loader of data, which takes more.
"""

import json
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

L2, STRENGTH, ANNEAL, RATE = 0.00110795, 91257.19, 190, 0.00048985


def load(folder):
    with open(os.path.join(folder, "arrays.json")) as file:
        shapes = json.load(file)

    def read(name):
        with open(os.path.join(folder, name), "rb") as file:
            return torch.frombuffer(bytearray(file.read()), dtype=torch.float32).view(shapes[name]).clone()

    return {name: read(name) for name in shapes}


def fill(layer, weight, bias):
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return layer


def linear(arrays, name):
    kernel = arrays[f"{name}-kernel"]
    return fill(nn.Linear(*kernel.shape), kernel.T, arrays[f"{name}-bias"])


def make_mlp(arrays):
    return nn.Sequential(linear(arrays, "dense1"), nn.ReLU(), linear(arrays, "dense2"), nn.ReLU(), linear(arrays, "read-out"))


class MnistCnn(nn.Module):
    """DomainBed's MNIST_CNN and its linear layer."""

    def __init__(self, arrays):
        super().__init__()
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for number in (1, 2, 3, 4):
            kernel = arrays[f"conv{number}-kernel"].permute(3, 2, 0, 1)
            conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, 2 if number == 2 else 1, padding=1)
            self.convs.append(fill(conv, kernel, arrays[f"conv{number}-bias"]))
            norm = nn.GroupNorm(8, kernel.shape[0])
            self.norms.append(fill(norm, arrays[f"norm{number}-scale"], arrays[f"norm{number}-shift"]))
        self.outputs = linear(arrays, "read-out")

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = norm(F.relu(conv(x)))
        return self.outputs(x.mean((2, 3)))


def penalty_of(logits, truth):
    scale = torch.ones(1, requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(logits * scale, truth)
    (slope,) = torch.autograd.grad(loss, [scale], create_graph=True)
    return (slope**2).sum()


def update(adam, loss):
    adam.zero_grad()
    loss.backward()
    adam.step()
    return loss.item()


def train_erm(folder, steps):
    network = MnistCnn(load(os.path.join(folder, "parameters")))
    batches = [load(os.path.join(folder, f"batch{step}")) for step in range(steps)]
    batches = [(batch["image"].permute(0, 3, 1, 2).contiguous(), batch["target"][:, 0].long()) for batch in batches]
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=0.0)
    times, losses = [], []
    for images, labels in batches:
        start = time.perf_counter()
        loss = F.cross_entropy(network(images), labels)
        losses.append(update(adam, loss))
        times.append(time.perf_counter() - start)
    return times, losses


def train_irm(folder, steps):
    network, arrays = make_mlp(load(os.path.join(folder, "parameters"))), load(os.path.join(folder, "batch0"))
    images, truth = arrays["image"].flatten(1), arrays["target"]
    half = len(images) // 2
    environments = [(images[:half], truth[:half]), (images[half:], truth[half:])]
    adam = torch.optim.Adam(network.parameters(), lr=RATE)
    times, losses = [], []
    for step in range(steps):
        start = time.perf_counter()
        risks, penalties = [], []
        for images, truth in environments:
            logits = network(images)
            risks.append(F.binary_cross_entropy_with_logits(logits, truth))
            penalties.append(penalty_of(logits, truth))
        weight = STRENGTH if step >= ANNEAL else 1.0
        squares = sum((parameter**2).sum() for parameter in network.parameters())
        loss = torch.stack(risks).mean() + L2 * squares + weight * torch.stack(penalties).mean()
        if weight > 1:
            loss = loss / weight
        losses.append(update(adam, loss))
        times.append(time.perf_counter() - start)
    return times, losses


def rate_of_products(size=2048, repeats=12):
    """Most GFLOP/s of a product of two square float32 matrices."""
    a, b = torch.rand(size, size), torch.rand(size, size)
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        torch.mm(a, b)
        best = max(best, 2 * size**3 / (time.perf_counter() - start) / 1e9)
    return best


def main(job, folder):
    train = {"irm": train_irm, "rotated-mnist": train_erm}[job]
    # Libraries may write to standard output, which carries the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps({"ready": True, "torch": torch.__version__}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("kind") == "rate":
            print(json.dumps({"rate": rate_of_products()}), file=answers)
            continue
        times, losses = train(folder, request["steps"])
        print(json.dumps({"times": times, "losses": losses}), file=answers)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
