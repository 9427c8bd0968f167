"""Makes src/evaluation/examples/testing/eiil.json: environment inference of Creager et al. (2021) in PyTorch.

    python scripts/golden/eiil.py && npm run format       (needs torch; CPU, float64, one thread)

Written from the paper's equation 4 with IRMv1's penalty, by autograd from the logits: memberships q = sigmoid(a) are to
raise the mean over q and 1 - q of (d/ds mean_i w_i CE(s z_i, y_i) at s = 1)^2. Logit k of example i is
3 (2 u(i, k) - 1) with u(i, k) = ((7919 i + 104729 k + 12345) mod 65537) / 65537, its class (5 i) mod 3, and its membership
starts at 2 (2 u(i, 9) - 1).

`memberships` holds a after `steps` updates of Adam at `rate`.
"""

import json
from pathlib import Path

import torch

EXAMPLES, CLASSES, STEPS, RATE = 24, 3, 300, 1e-2
OUTPUT = Path(__file__).resolve().parents[2] / "src/evaluation/examples/testing/eiil.json"


def uniform(i: int, k: int) -> float:
    return ((7919 * i + 104729 * k + 12345) % 65537) / 65537


def main() -> None:
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    logits = torch.tensor([[3 * (2 * uniform(i, k) - 1) for k in range(CLASSES)] for i in range(EXAMPLES)])
    truth = torch.tensor([(5 * i) % CLASSES for i in range(EXAMPLES)])
    memberships = torch.tensor([2 * (2 * uniform(i, 9) - 1) for i in range(EXAMPLES)], requires_grad=True)
    scale = torch.ones((), requires_grad=True)
    losses = torch.nn.functional.cross_entropy(scale * logits, truth, reduction="none")
    optimizer = torch.optim.Adam([memberships], lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        shares = torch.sigmoid(memberships)
        slopes = [
            torch.autograd.grad((weight * losses).mean(), scale, create_graph=True, retain_graph=True)[0]
            for weight in (shares, 1 - shares)
        ]
        objective = torch.stack([slope**2 for slope in slopes]).mean()
        (-objective).backward(retain_graph=True)
        optimizer.step()
    found = {"examples": EXAMPLES, "classes": CLASSES, "steps": STEPS, "rate": RATE}
    OUTPUT.write_text(json.dumps({**found, "memberships": memberships.tolist()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
