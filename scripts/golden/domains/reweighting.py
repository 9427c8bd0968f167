"""What changes the weight of examples: DFR, JTT, group-balanced sampling."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from pytorch import number

from domains.averages import trained, with_weights
from domains.setting import LEARNING_RATE, UPDATES, Algorithm, as_float32, batch, flat, initial, permutation, predict

COLUMNS, SIZES = 6, [18, 9, 7, 14]


def dfr_data():
    """Rows by group g = 2 class + attribute; feature j is 3u - 1.5 + class [j = 0] + attribute [j = 1]; stream 900."""
    groups = np.repeat(np.arange(len(SIZES)), SIZES)
    x = 3 * number(900, len(groups) * COLUMNS).reshape(-1, COLUMNS) - 1.5
    x[:, 0] += groups // 2
    x[:, 1] += groups % 2
    return as_float32(x), torch.tensor(groups // 2), groups


def l1_logistic(x, y, c, penalised_intercept):
    """Minimises |w|_1 (+ |b|) + c sum log(1 + exp(-s (x w + b))), s = +-1, by accelerated proximal steps."""
    rows = torch.cat([x, torch.ones(len(x), 1)], 1)
    sign = 2.0 * y - 1
    step = 4 / (c * torch.linalg.matrix_norm(rows, 2) ** 2)
    limit = torch.full((rows.shape[1],), 1.0)
    limit[-1] = 1.0 if penalised_intercept else 0.0
    slope = lambda w: -c * rows.T @ (sign * torch.sigmoid(-sign * (rows @ w)))
    w = ahead = torch.zeros(rows.shape[1])
    momentum = 1.0
    for _ in range(200_000):
        moved = ahead - step * slope(ahead)
        new = moved.sign() * (moved.abs() - step * limit).clamp(min=0)
        if ((ahead - new) @ (new - w)) > 0:
            momentum = 1.0
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        ahead, w, momentum = new + (momentum - 1) / following * (new - w), new, following
        gradient = slope(w)
        wrong = torch.where(w != 0, gradient + limit * w.sign(), (gradient.abs() - limit).clamp(min=0))
        if wrong.abs().max() < 1e-12:
            break
    assert wrong.abs().max() < 1e-11, wrong
    return w


def dfr():
    """Group-balanced subsets, standardised by all rows (population deviation); a fit for each, and their mean."""
    x, y, groups = dfr_data()
    scaled = (x - x.mean(0)) / x.std(0, correction=0)
    subsets = []
    for retrain in range(3):
        rows = [np.flatnonzero(groups == g) for g in range(len(SIZES))]
        picked = [own[permutation(910 + 10 * retrain + g, len(own))[: min(SIZES)]] for g, own in enumerate(rows)]
        subsets.append(np.concatenate(picked).tolist())
    fits = []
    for c in (1.0, 0.3):
        for penalised in (True, False):
            found = torch.stack([l1_logistic(scaled[rows], y[rows], c, penalised) for rows in subsets])
            intercept = "penalised" if penalised else "free"
            mean = found.mean(0).tolist()
            fits.append({"c": c, "intercept": intercept, "each": found.tolist(), "mean": mean})
    return {"columns": COLUMNS, "sizes": SIZES, "subsets": subsets, "fits": fits}


def jtt(weight=6):
    """The first model is ERM after five updates; the error set are its errors on batch 5."""
    p = with_weights(trained(initial(Algorithm.shapes), [LEARNING_RATE] * UPDATES)[-1])
    x, y = batch(5)
    z, y = predict(p, x).flatten(0, 1), y.flatten()
    wrong = z.argmax(1) != y
    each = F.cross_entropy(z, y, reduction="none")
    found = {"weight": weight, "errors": torch.nonzero(wrong).flatten().tolist(), "second": second(wrong, weight)}
    for name, factor in (("paper", weight), ("code", weight + 1)):
        weights = torch.where(wrong, float(factor), 1.0)
        found[name] = {"factor": factor, "loss": ((weights * each).sum() / weights.sum()).item()}
    return found


def second(wrong, weight, updates=3):
    """JTT's second training: from the start values again, with a new Adam, each batch all of batch 5, upsampled."""
    x, y = batch(5)
    x, y = x.flatten(0, 1), y.flatten()
    rows = torch.cat([torch.arange(len(y))] + [torch.nonzero(wrong).flatten()] * (weight - 1))
    p = initial(Algorithm.shapes)
    optimizer = torch.optim.Adam(p.values(), lr=LEARNING_RATE)
    found = {"losses": [], "weights": []}
    for _ in range(updates):
        optimizer.zero_grad()
        loss = F.cross_entropy(predict(p, x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        found["losses"].append(loss.item())
        found["weights"].append(flat(p.values()))
    return found


def balanced():
    """Groups are environment x class on batch 5, numbered 3 environment + class; weights sum to 1 over all rows."""
    x, y = batch(5)
    groups = (3 * torch.arange(3)[:, None] + y).flatten()
    counts = torch.bincount(groups, minlength=9)
    present = int((counts > 0).sum())
    weights = 1 / (counts[groups] * present)
    each = F.cross_entropy(predict(initial(Algorithm.shapes), x).flatten(0, 1), y.flatten(), reduction="none").detach()
    means = [each[groups == g].mean() for g in range(9) if counts[g]]
    assert abs((weights * each).sum() - sum(means) / present) < 1e-12
    classes = torch.bincount(y.flatten())
    return {
        "counts": counts.tolist(),
        "weights": weights.tolist(),
        "loss": (weights * each).sum().item(),
        "classWeights": (1 / (classes[y.flatten()] * len(classes))).tolist(),
    }
