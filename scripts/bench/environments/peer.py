"""The IRM run of environments/worker.ts in PyTorch, as one writes it by hand.

    python scripts/bench/environments/peer.py     answers requests {threads, images, width, steps} on standard input

Full batches of two environments, a network 392-width-width-1, the penalty by differentiating twice, Adam.
"""

import json
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

L2, STRENGTH, ANNEAL, RATE = 0.00110795, 91257.19, 190, 0.00048985


def make_environments(images):
    """Two environments of images of two channels of bytes, one of them empty."""
    source = torch.Generator().manual_seed(0)
    environments = []
    for _ in range(2):
        count = images // 2
        gray = torch.randint(0, 256, (count, 196), generator=source).float() / 255
        colour = torch.randint(0, 2, (count, 1), generator=source).float()
        truth = torch.randint(0, 2, (count, 1), generator=source).float()
        environments.append((torch.cat([gray * colour, gray * (1 - colour)], 1), truth))
    return environments


def penalty_of(logits, truth):
    scale = torch.ones(1, requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(logits * scale, truth)
    (slope,) = torch.autograd.grad(loss, [scale], create_graph=True)
    return (slope**2).sum()


def train(environments, width, steps):
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Linear(392, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1)
    )
    adam = torch.optim.Adam(network.parameters(), lr=RATE)
    times = []
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
        loss.item()
        times.append(time.perf_counter() - start)
    return times


def rate_of_products(size=2048, repeats=12):
    """Most GFLOP/s of a product of two square float32 matrices."""
    a, b = torch.rand(size, size), torch.rand(size, size)
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        torch.mm(a, b)
        best = max(best, 2 * size**3 / (time.perf_counter() - start) / 1e9)
    return best


def main():
    # Libraries may write to standard output, which carries the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps({"ready": True, "torch": torch.__version__}), file=answers)
    every, environments, made = torch.get_num_threads(), None, None
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request.get("threads", every))
        try:
            if request.get("kind") == "rate":
                print(json.dumps({"rate": rate_of_products()}), file=answers)
                continue
            if made != request["images"]:
                environments, made = make_environments(request["images"]), request["images"]
            times = train(environments, request["width"], request["steps"])
            print(json.dumps({"times": times}), file=answers)
        except Exception as error:
            print(json.dumps({"failed": str(error).strip().split("\n")[0][:200]}), file=answers)


if __name__ == "__main__":
    main()
