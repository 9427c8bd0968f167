"""The step tasks of steps/tasks.ts in PyTorch.

    python scripts/bench/peer.py [TASK ...]     one JSON line per task: plain eager, and the best of its settings
    python scripts/bench/peer.py --serve        answers requests {task, settings, repeats} on standard input

Adam with learning rate 1e-3, the same shapes; milliseconds per step. A setting is a list of words:
`channels_last`, `compile` (torch.compile), `fused` (fused Adam), `sdpa` (scaled_dot_product_attention) and
`threads=N`; the empty list is plain eager. Those that fail are reported with the reason, and not used.
"""

import json
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

WARM_UPS = 4
ALL_THREADS = torch.get_num_threads()


def mlp(*widths):
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        layers += [nn.Linear(a, b)] + ([nn.ReLU()] if i < len(widths) - 2 else [])
    return nn.Sequential(*layers)


def cnn():
    layers, channels = [], (3, 32, 32, 64, 64)
    for a, b in zip(channels, channels[1:]):
        layers += [nn.Conv2d(a, b, 4, 2, 1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(1024, 256), nn.ReLU(), nn.Linear(256, 10))


class DigitCnn(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = ((2, 64, 1), (64, 128, 2), (128, 128, 1), (128, 128, 1))
        self.convolutions = nn.ModuleList([nn.Conv2d(a, b, 3, stride, 1) for a, b, stride in sizes])
        self.norms = nn.ModuleList([nn.GroupNorm(8, b) for _, b, _ in sizes])
        self.read_out = nn.Linear(128, 2)

    def forward(self, x):
        for convolution, norm in zip(self.convolutions, self.norms):
            x = norm(F.relu(convolution(x)))
        return self.read_out(x.mean((2, 3)))


class Block(nn.Module):
    def __init__(self, width, heads, sdpa):
        super().__init__()
        self.heads, self.sdpa = heads, sdpa
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.dense1, self.dense2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, h):
        batch, length, width = h.shape
        split = lambda x: x.view(batch, length, self.heads, -1).transpose(1, 2)
        x = self.norm1(h)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if self.sdpa:
            mixed = F.scaled_dot_product_attention(q, k, v)
        else:
            mixed = torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, -1) @ v
        h = h + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return h + self.dense2(F.relu(self.dense1(self.norm2(h))))


class Attention(nn.Module):
    def __init__(self, sdpa):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(128, 4, sdpa) for _ in range(4)])
        self.read_out = nn.Linear(128, 10)

    def forward(self, x):
        return self.read_out(self.blocks(x).mean(1))


# Name: model from the words of a setting, shape of the inputs, classes, whether images.
TASKS = {
    "mlp": (lambda _: mlp(4096, 512, 512, 10), (128, 4096), 10, False),
    "cnn": (lambda _: cnn(), (64, 3, 64, 64), 10, True),
    "attention": (lambda words: Attention("sdpa" in words), (64, 64, 128), 10, False),
    "digit-cnn": (lambda _: DigitCnn(), (128, 2, 28, 28), 2, True),
    "tiny-mlp": (lambda _: mlp(100, 32, 32, 2), (128, 100), 2, False),
}


def make_step(task, words):
    build, shape, classes, _ = TASKS[task]
    torch.manual_seed(0)
    model, x, y = build(words), torch.rand(shape), torch.randint(classes, (shape[0],))
    if "channels_last" in words:
        model, x = (v.to(memory_format=torch.channels_last) for v in (model, x))
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, fused="fused" in words)
    run = torch.compile(model) if "compile" in words else model

    def step():
        adam.zero_grad()
        loss = F.cross_entropy(run(x), y)
        loss.backward()
        adam.step()
        return loss.item()

    return step


steps = {}


def measure(task, words, repeats):
    """Milliseconds of each of so many steps; the first call for a setting warms it up."""
    chosen = [word for word in words if word.startswith("threads=")]
    torch.set_num_threads(int(chosen[0][8:]) if chosen else ALL_THREADS)
    key = (task, *words)
    if key not in steps:
        steps[key] = make_step(task, words)
        for _ in range(WARM_UPS):
            steps[key]()
    step = steps[key]
    step()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    return times


def choose(task, repeats=5, seconds=50):
    """The fastest plain setting (threads alone chosen), the fastest of all, and why others failed.

    Layouts and attention kernels are tried first, then threads, fused Adam, and torch.compile on each layout, as
    long as the time allows: compiling takes most of it.
    """
    start, medians, failed = time.perf_counter(), {}, {}

    def attempt(words):
        if "compile" in words and time.perf_counter() - start > seconds:
            failed[" ".join(words)] = f"not tried, after {seconds} s"
            return
        try:
            medians[tuple(words)] = sorted(measure(task, words, repeats))[repeats // 2]
        except Exception as error:
            steps.pop((task, *words), None)
            failed[" ".join(words)] = str(error).strip().split("\n")[0][:200]

    layouts = [[], ["channels_last"]] if TASKS[task][3] else [[], ["sdpa"]] if task == "attention" else [[]]
    threads = ["threads=1"] if task == "tiny-mlp" and ALL_THREADS > 1 else []
    for words in [*layouts, *([threads] if threads else [])]:
        attempt(words)
    attempt(["fused", *min(medians, key=medians.get)])
    others = [word for word in min(medians, key=medians.get) if word not in ("channels_last", "sdpa")]
    for words in layouts:
        attempt([*words, "compile", *others])
    plain = [words for words in medians if all(word.startswith("threads=") for word in words)]
    eager, best = min(plain, key=medians.get), min(medians, key=medians.get)
    for key in [key for key in steps if key[0] == task and key[1:] not in (eager, best)]:
        del steps[key]
    return {"eager": list(eager), "best": list(best), "failed": failed}


def describe(times):
    ordered = sorted(times)
    return {"median": ordered[len(ordered) // 2], "min": ordered[0], "max": ordered[-1], "n": len(times)}


def answer(request):
    if "settings" in request:
        return {"times": measure(request["task"], request["settings"], request["repeats"])}
    return choose(request["task"])


def main(words):
    if words == ["--serve"]:
        # Compilers write to standard output, which carries the answers.
        answers = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)
        print(json.dumps({"ready": True, "torch": torch.__version__, "threads": ALL_THREADS}), file=answers)
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), file=answers)
        return
    for task in words or TASKS:
        chosen = choose(task)
        row = {"task": task, "torch": torch.__version__, "threads": ALL_THREADS, "failed": chosen["failed"]}
        for kind in ("eager", "best"):
            row[kind] = {"setting": chosen[kind], **describe(measure(task, chosen[kind], 15))}
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
