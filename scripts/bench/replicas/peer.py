"""The networks of replicas/worker.ts in PyTorch, one after the other, as one writes it by hand.

    python scripts/bench/replicas/peer.py FOLDER     answers requests {settings, steps} on standard input

The worker has written FOLDER: training sets, batches and initial parameters of every seed. Settings are words:
`threads=N`, `fused` (fused Adam) and `compile` (torch.compile of network and loss); none is plain eager PyTorch.
The data lie in memory as tensors, and rows of batches are drawn beforehand.
"""

import json
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

LOGGED = 50


def load(folder):
    with open(os.path.join(folder, "jobs.json")) as file:
        plan = json.load(file)

    def read(seed, name, shape):
        with open(os.path.join(folder, f"{seed}-{name}"), "rb") as file:
            kind = torch.int32 if name == "rows" else torch.float32
            return torch.frombuffer(bytearray(file.read()), dtype=kind).view(shape).clone()

    seeds = sorted({job["seed"] for job in plan["jobs"]})
    data = {seed: {name: read(seed, name, shape) for name, shape in plan["shapes"].items()} for seed in seeds}
    for arrays in data.values():
        arrays["rows"] = arrays["rows"].long()
    return plan["jobs"], data


def make_network(arrays):
    names = [name for name in ("dense1", "dense2", "read-out") if f"{name}-kernel" in arrays]
    layers = []
    for name in names:
        kernel, bias = arrays[f"{name}-kernel"], arrays[f"{name}-bias"]
        layer = nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(kernel.T)
            layer.bias.copy_(bias)
        layers += [layer] if name == "read-out" else [layer, nn.ReLU()]
    return nn.Sequential(*layers)


def fair_loss(network, x, y, a, strength):
    f = network(x)
    p = torch.sigmoid(f.squeeze(1))
    ones, zeros = a.sum(), (1 - a).sum()
    gap = (p * a).sum() / ones.clamp(min=1) - (p * (1 - a)).sum() / zeros.clamp(min=1)
    present = ((ones > 0) & (zeros > 0)).float()
    return F.binary_cross_entropy_with_logits(f, y) + strength * present * gap**2


def class_loss(network, x, y):
    return F.cross_entropy(network(x), y)


compiled = {}


def loss_of(words, plain):
    if "compile" not in words:
        return plain
    return compiled.setdefault(plain, torch.compile(plain))


def train(arrays, job, steps, words):
    network = make_network(arrays)
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=job["decay"], fused="fused" in words)
    rows = arrays["rows"]
    if job["strength"] is None:
        loss_at, weight = loss_of(words, class_loss), []
        columns = [arrays["image"].flatten(1), arrays["target"][:, 0].long()]
    else:
        loss_at, weight = loss_of(words, fair_loss), [torch.tensor(float(job["strength"]))]
        columns = [arrays[name] for name in ("features", "target", "protected")]
    total, logged = 0.0, []
    for step in range(steps):
        chosen = rows[step]
        adam.zero_grad()
        loss = loss_at(network, *(column[chosen] for column in columns), *weight)
        loss.backward()
        adam.step()
        total += loss.item()
        if (step + 1) % LOGGED == 0 or step + 1 == steps:
            logged.append(total / (step % LOGGED + 1))
            total = 0.0
    return [logged[0], logged[-1]]


def main(folder):
    jobs, data = load(folder)
    # Compilers write to standard output, which carries the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps({"ready": True, "torch": torch.__version__}), file=answers)
    every = torch.get_num_threads()
    for line in sys.stdin:
        request = json.loads(line)
        words = request["settings"]
        chosen = [int(word[8:]) for word in words if word.startswith("threads=")]
        torch.set_num_threads(chosen[0] if chosen else every)
        try:
            start = time.perf_counter()
            some = jobs[: request.get("networks", len(jobs))]
            losses = [train(data[job["seed"]], job, request["steps"], words) for job in some]
            print(json.dumps({"seconds": time.perf_counter() - start, "losses": losses}), file=answers)
        except Exception as error:
            print(json.dumps({"failed": str(error).strip().split("\n")[0][:200]}), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
