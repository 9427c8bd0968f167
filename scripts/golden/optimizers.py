"""Makes src/training/testing/optimizers-golden.json: what PyTorch's optimisers, clipping, averages and schedules do.

    python scripts/golden/optimizers.py && npm run format       (needs torch; CPU, float32, one thread)

Start values and gradients are not stored. Both sides compute them in float64 from the same integers, then round them
to float32. With u(stream, index) = ((stream * 7919 + index * 104729 + 12345) mod 65537) / 65537, element `index`, in
row-major order, of parameter p starts at (2 u(p, index) - 1) / 10, and its gradient in step t (from 0) is
(2 u(10 + 3 t + p, index) - 1) * 10^-(index mod 8) * [1, 0.25, 2, 0.5][t mod 4]: sizes from 1e-7 to 2, whatever the
parameters are. The learning rate of step t is the case's, times (1 + cos(pi t / 100)) / 2.

`parameters` holds all elements of all parameters, one after another, after the steps in `at`; for the case with an
average, those of the average. `schedules` holds the rates of all steps as torch.optim.lr_scheduler gives them.
"""

import json
import math
from pathlib import Path

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, ConstantLR, LinearLR, SequentialLR, StepLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

SHAPES = {"kernel": (2, 2, 3, 2), "dense": (4, 5), "bias": (7,)}
STEPS, AT = 100, (50, 100)
OUTPUT = Path(__file__).resolve().parents[2] / "src/training/testing/optimizers-golden.json"


def uniform(stream: int, index: int) -> float:
    return ((stream * 7919 + index * 104729 + 12345) % 65537) / 65537


def start(p: int, shape) -> torch.Tensor:
    values = [(2 * uniform(p, index) - 1) / 10 for index in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(shape)


def gradient(p: int, t: int, shape) -> torch.Tensor:
    scale = [1, 0.25, 2, 0.5][t % 4]
    values = [
        (2 * uniform(10 + 3 * t + p, index) - 1) * 10.0 ** -(index % 8) * scale for index in range(math.prod(shape))
    ]
    return torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(shape)


ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
CASES = [
    {"name": "adam", **ADAM},
    {"name": "adam", **ADAM, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-5},
    {"name": "adam", **ADAM, "weight_decay": 0.1, "decay_biases": True},
    {"name": "adam", **ADAM, "weight_decay": 0.1, "decay_biases": False},
    {"name": "adamw", **ADAM, "weight_decay": 0.5, "decay_biases": True},
    {"name": "adamw", **ADAM, "weight_decay": 0.01, "decay_biases": False},
    {"name": "sgd", "momentum": 0, "nesterov": False},
    {"name": "sgd", "momentum": 0, "nesterov": False, "weight_decay": 0.1, "decay_biases": True},
    {"name": "sgd", "momentum": 0.9, "nesterov": False},
    {"name": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.1, "decay_biases": False},
    {"name": "adamw", **ADAM, "weight_decay": 0.1, "clip_norm": 1.0},
    {"name": "sgd", "momentum": 0.9, "nesterov": True, "clip_norm": 1.0, "clip_value": 0.3},
    {"name": "adam", **ADAM, "clip_value": 0.01},
    {"name": "adam", **ADAM, "average": {"decay": 0.9, "start": 0}},
    {"name": "sgd", "momentum": 0.9, "nesterov": False, "average": {"decay": 0.99, "start": 20}},
]


def build(model: torch.nn.Module, case: dict, rate: float) -> torch.optim.Optimizer:
    decay = case.get("weight_decay", 0)
    groups = [
        {"params": [p], "weight_decay": decay if case.get("decay_biases", False) or p.dim() > 1 else 0}
        for p in model.parameters()
    ]
    if case["name"] == "sgd":
        return SGD(groups, lr=rate, momentum=case["momentum"], nesterov=case["nesterov"])
    kind = Adam if case["name"] == "adam" else AdamW
    return kind(groups, lr=rate, betas=(case["beta1"], case["beta2"]), eps=case["epsilon"])


def run(case: dict) -> dict:
    rate = 0.05 if case["name"] == "sgd" else 0.01
    model = torch.nn.Module()
    for p, (name, shape) in enumerate(SHAPES.items()):
        model.register_parameter(name, torch.nn.Parameter(start(p, shape)))
    optimizer = build(model, case, rate)
    average = case.get("average")
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(average["decay"])) if average else model
    saved = []
    for t in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 + math.cos(math.pi * t / STEPS)) / 2
        for p, parameter in enumerate(model.parameters()):
            parameter.grad = gradient(p, t, parameter.shape)
        if "clip_value" in case:
            torch.nn.utils.clip_grad_value_(model.parameters(), case["clip_value"])
        if "clip_norm" in case:
            torch.nn.utils.clip_grad_norm_(model.parameters(), case["clip_norm"])
        optimizer.step()
        if average and t >= average["start"]:
            averaged.update_parameters(model)
        if t + 1 in AT:
            saved.append([shorten(v) for p in averaged.parameters() for v in p.detach().reshape(-1).tolist()])
    return {"options": case, "learningRate": rate, "parameters": saved}


SCHEDULES = [
    {"name": "constant", "warmup_steps": 0},
    {"name": "constant", "warmup_steps": 7},
    {"name": "cosine", "warmup_steps": 0, "final_fraction": 0},
    {"name": "cosine", "warmup_steps": 10, "final_fraction": 0.1},
    {"name": "linear", "warmup_steps": 5, "final_fraction": 0.2},
    {"name": "step", "warmup_steps": 0, "every": 15, "factor": 0.1},
    {"name": "step", "warmup_steps": 4, "every": 20, "factor": 0.5},
]


def rates(case: dict, rate=0.3, steps=60) -> dict:
    optimizer = SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    warmup = case["warmup_steps"]
    rest = steps - warmup
    if case["name"] == "constant":
        schedule = ConstantLR(optimizer, factor=1)
    elif case["name"] == "cosine":
        schedule = CosineAnnealingLR(optimizer, T_max=rest, eta_min=rate * case["final_fraction"])
    elif case["name"] == "linear":
        schedule = LinearLR(optimizer, 1, case["final_fraction"], total_iters=rest)
    else:
        schedule = StepLR(optimizer, case["every"], case["factor"])
    if warmup > 0:
        rise = LinearLR(optimizer, 1 / warmup, 1, total_iters=warmup - 1)
        schedule = SequentialLR(optimizer, [rise, schedule], [warmup])
    found = []
    for _ in range(steps):
        found.append(float(f"{optimizer.param_groups[0]['lr']:.12g}"))
        optimizer.step()
        schedule.step()
    return {"options": case, "learningRate": rate, "steps": steps, "rates": found}


def shorten(value: float) -> float:
    return float(f"{value:.9g}")


def main():
    torch.set_num_threads(1)
    golden = {
        "torch": torch.__version__.split("+")[0],
        "shapes": SHAPES,
        "at": AT,
        "optimizers": [run(case) for case in CASES],
        "schedules": [rates(case) for case in SCHEDULES],
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
