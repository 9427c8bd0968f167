"""Makes src/evaluation/probes/testing/pytorch-logistic.json: penalised logistic regressions as PyTorch solves them.

    python scripts/golden/logistic.py && npm run format       (needs torch and numpy; CPU, float64)

Features, classes and weights are not stored: both sides compute them from `number(stream, index)` of pytorch.py. With
u(s) = number(s, rows), feature j is float32(2 u(j) - 1 + feature j - 1 / 2), the class is the number of thresholds
below feature 0 - feature 1 / 2 + 3 u(100) - 1.5 (0 for two classes, -0.5 and 0.5 for three), and the weight is u(200).

Minimised is sum(weight * cross-entropy) / sum(weight) + l2 / 2 * |coefficients|^2 by L-BFGS and then
Newton's method, until the gradient is below 1e-12; the softmax has coefficients for every class, and biases that sum
to 0.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F
from pytorch import OUTPUT, number

TARGET = OUTPUT.parents[2] / "evaluation/probes/testing/pytorch-logistic.json"
THRESHOLDS = {2: [0.0], 3: [-0.5, 0.5]}


def examples(rows, columns, classes, weighted):
    features = []
    for column in range(columns):
        before = features[-1] / 2 if features else 0
        features.append(2 * number(column, rows) - 1 + before)
    said = features[0] - features[1] / 2 + 3 * number(100, rows) - 1.5
    labels = sum((said > threshold).astype(np.int64) for threshold in THRESHOLDS[classes])
    weights = number(200, rows) if weighted else np.ones(rows)
    x = np.stack(features, 1).astype(np.float32).astype(np.float64)
    return torch.from_numpy(x), torch.from_numpy(labels), torch.from_numpy(weights)


def solve(rows, columns, classes, weighted, l2):
    x, y, weights = examples(rows, columns, classes, weighted)
    outputs = 1 if classes == 2 else classes

    def objective(values):
        coefficients, biases = values[: outputs * columns].view(outputs, columns), values[outputs * columns :]
        margins = x @ coefficients.T + biases
        if classes == 2:
            losses = F.binary_cross_entropy_with_logits(margins[:, 0], y.double(), reduction="none")
        else:
            losses = F.cross_entropy(margins, y, reduction="none")
        return (weights * losses).sum() / weights.sum() + l2 / 2 * coefficients.square().sum()

    values = torch.zeros(outputs * (columns + 1), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([values], max_iter=1000, tolerance_grad=1e-10, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = objective(values)
        loss.backward()
        return loss

    optimizer.step(closure)
    found = values.detach()
    # The line search gives up where rounding sets in: Newton's method takes over, biases may move together for nothing.
    for _ in range(3):
        gradient, hessian = torch.func.grad(objective)(found), torch.func.hessian(objective)(found)
        found = found - torch.linalg.pinv(hessian, hermitian=True) @ gradient
    assert torch.func.grad(objective)(found).norm() < 1e-12
    coefficients, biases = found[: outputs * columns], found[outputs * columns :]
    flat = lambda array: [float(f"{v:.12g}") for v in array.tolist()]
    return {
        **{"rows": rows, "columns": columns, "classes": classes, "weighted": weighted, "l2": l2},
        "coefficients": flat(coefficients),
        "biases": flat(biases - (biases.mean() if classes > 2 else 0)),
        "loss": float(f"{objective(found).item():.12g}"),
    }


if __name__ == "__main__":
    cases = [
        solve(200, 7, 2, weighted, l2) for weighted in (False, True) for l2 in (1.0, 0.01, 0.001)
    ] + [solve(150, 5, 3, weighted, l2) for weighted in (False, True) for l2 in (0.1, 0.001)]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(cases, indent=1) + "\n")
