"""The IRM run of environments/worker.ts in PyTorch, as one writes it by hand.

    python scripts/bench/environments/peer.py FOLDER     answers requests {steps} on standard input

The worker has written FOLDER: images, labels and initial parameters. Full batches of two environments, the penalty by
differentiating twice, Adam.
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


def make_network(arrays):
    layers = []
    for name in ("dense1", "dense2", "read-out"):
        kernel, bias = arrays[f"{name}-kernel"], arrays[f"{name}-bias"]
        layer = nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(kernel.T)
            layer.bias.copy_(bias)
        layers += [layer] if name == "read-out" else [layer, nn.ReLU()]
    return nn.Sequential(*layers)


def penalty_of(logits, truth):
    scale = torch.ones(1, requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(logits * scale, truth)
    (slope,) = torch.autograd.grad(loss, [scale], create_graph=True)
    return (slope**2).sum()


def train(arrays, steps):
    network = make_network(arrays)
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
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
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


def main(folder):
    # Libraries may write to standard output, which carries the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    arrays = load(folder)
    print(json.dumps({"ready": True, "torch": torch.__version__}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("kind") == "rate":
            print(json.dumps({"rate": rate_of_products()}), file=answers)
            continue
        times, losses = train(arrays, request["steps"])
        print(json.dumps({"times": times, "losses": losses}), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
