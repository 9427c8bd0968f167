"""APGD with cross-entropy, L-inf, in PyTorch on the network of index.ts: seconds of each repeat, as JSON.

python scripts/bench/attacks/peer.py EXAMPLES STEPS REPEATS
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

examples, steps, repeats = (int(word) for word in sys.argv[1:4])
torch.manual_seed(0)
radius = 0.1
net = nn.Sequential(
    nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.ReLU(),
    nn.Conv2d(16, 32, 3, 2, 1, bias=False), nn.ReLU(),
    nn.Conv2d(32, 32, 3, 2, 1, bias=False), nn.ReLU(),
    nn.Flatten(), nn.Linear(7 * 7 * 32, 10, bias=False),
)  # fmt: skip
for parameter in net.parameters():
    parameter.requires_grad_(False)
images = torch.rand(examples, 1, 28, 28)
labels = torch.arange(examples) % 10


def climb(x):
    losses, gradients = [], []
    for part, own in zip(x.split(250), labels.split(250)):
        part = part.detach().requires_grad_(True)
        loss = F.cross_entropy(net(part), own, reduction="none")
        gradients.append(torch.autograd.grad(loss.sum(), part)[0])
        losses.append(loss.detach())
    return torch.cat(losses), torch.cat(gradients)


def apgd(steps):
    inside = lambda x: torch.clamp(torch.minimum(torch.maximum(x, images - radius), images + radius), 0, 1)
    x = inside(images + radius * (2 * torch.rand_like(images) - 1))
    eta = torch.full((examples, 1, 1, 1), 2 * radius)
    loss, gradient = climb(x)
    best, best_x, best_gradient, old = loss.clone(), x.clone(), gradient.clone(), x
    checked, halved, rises = best.clone(), torch.ones(examples, dtype=torch.bool), torch.zeros(examples)
    last, wait, since = loss, max(int(0.22 * steps), 1), 0
    for k in range(1, steps + 1):
        a = 1.0 if k == 1 else 0.75
        z = inside(x + eta * gradient.sign())
        old, x = x, inside(x + a * (z - x) + (1 - a) * (x - old))
        loss, gradient = climb(x)
        rises += (loss > last).float()
        up = loss > best
        best = torch.where(up, loss, best)
        best_x[up], best_gradient[up] = x[up], gradient[up]
        last = loss
        if k - since == wait:
            halve = (rises < 0.75 * wait) | (~halved & (checked >= best))
            eta[halve] /= 2
            x = torch.where(halve[:, None, None, None], best_x, x)
            gradient = torch.where(halve[:, None, None, None], best_gradient, gradient)
            halved, checked, since = halve, best.clone(), k
            rises.zero_()
            wait = max(wait - max(int(0.03 * steps), 1), max(int(0.06 * steps), 1))
    return best


apgd(2)
times = []
for _ in range(repeats):
    begin = time.perf_counter()
    apgd(steps)
    times.append(time.perf_counter() - begin)
print(json.dumps(times))
