"""What averages weights or predictions over a training or over several: SWAD, EoA, DiWA; LP-FT; ERM++'s rates."""

from collections import deque

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from domains.setting import CLASSIFIER, LEARNING_RATE, UPDATES, Algorithm, batch, cross_entropy, flat, initial, predict


def valley_of_paper(losses, optimum=3, overfit=6, ratio=1.3):
    """Algorithm 1 of Cha et al., an iteration being one evaluation: all from start to end, both included."""
    start, end, limit = 0, len(losses) - 1, None
    for i in range(len(losses)):
        if limit is None:
            window = losses[max(i - optimum + 1, 0) : i + 1]
            if len(window) == optimum and window[0] == min(window):
                start, limit = i - optimum + 1, ratio * sum(window) / optimum
        elif limit < min(losses[max(i - overfit + 1, 0) : i + 1]):
            end = i - overfit
            break
    return list(range(start, end + 1))


def valley_of_code(losses, n_converge=3, n_tolerance=6, tolerance_ratio=0.3):
    """What the authors' code averages, segments in the order taken, some of them twice."""
    recent, smooth = deque(maxlen=n_converge), deque(maxlen=n_tolerance)
    first, taken, limit = None, [], None
    for i in range(len(losses)):
        recent.append(i)
        smooth.append(i)
        if limit is None:
            values = [losses[j] for j in recent]
            if len(recent) < n_converge or values[0] != min(values):
                continue
            first, limit = recent[0], sum(values) / n_converge * (1 + tolerance_ratio)
            before = list(smooth)[: n_tolerance - n_converge + 1]
            above = [place for place, j in enumerate(before) if losses[j] > limit]
            taken += before[(above[-1] + 1 if above else 0) + 1 :]
        elif smooth[0] >= first:
            if min(losses[j] for j in smooth) > limit:
                return taken or [first]
            taken.append(smooth[0])
    if limit is None:
        return [recent[-1]]
    rest = list(smooth)[1:]
    while rest and min(losses[j] for j in rest) <= limit:
        taken.append(rest.pop(0))
    return taken or [first]


def valley_corrected(losses, n_converge=3, n_tolerance=6, tolerance_ratio=0.3):
    """The same valley with each segment once, and with the leftmost one: what the code was written to average."""
    windows = [losses[i : i + n_converge] for i in range(len(losses) - n_converge + 1)]
    found = next((i for i, window in enumerate(windows) if window[0] == min(window)), None)
    if found is None:
        return [len(losses) - 1]
    limit = sum(windows[found]) / n_converge * (1 + tolerance_ratio)
    start = found
    while start > max(found - (n_tolerance - n_converge), 0) and losses[start - 1] <= limit:
        start -= 1
    end = found
    while end + 1 < len(losses) and min(losses[end + 1 : end + 1 + n_tolerance]) <= limit:
        end += 1
    return list(range(start, end + 1))


LOSSES = {
    "a valley": [2.0, 1.4, 1.1, 0.9, 0.8, 0.7, 0.75, 0.72, 0.8, 0.85, 1.0, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9],
    "alive at the end": [2.0, 1.4, 1.0, 0.9, 0.85, 0.8, 0.82, 0.81, 0.83, 0.8, 0.84, 0.82],
    "a bad tail": [2.0, 1.5, 1.0, 0.95, 0.9, 0.8, 0.82, 0.81, 0.83, 0.84, 1.5, 1.6],
    "a bump before the optimum": [1.5, 0.9, 0.8, 1.4, 0.75, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.77],
    "converged at once": [0.5, 0.6, 0.55, 0.56, 0.57, 0.58, 0.59, 0.6, 0.61],
    "never converged": [2.0, 1.9, 1.8, 1.7, 1.6, 1.5],
}


def swad():
    kinds = {"paper": valley_of_paper, "faithful": valley_of_code, "corrected": valley_corrected}
    return [
        {"name": name, "losses": losses, **{kind: found(losses) for kind, found in kinds.items()}}
        for name, losses in LOSSES.items()
    ]


def trained(p, rates, names=None):
    """ERM on batches 0, 1, ...: the weights at the start and after each update."""
    optimizer, weights = torch.optim.Adam([p[name] for name in names or p], lr=LEARNING_RATE), [flat(p.values())]
    for t, rate in enumerate(rates):
        optimizer.param_groups[0]["lr"] = rate
        x, y = batch(t)
        optimizer.zero_grad()
        cross_entropy(predict(p, x), y).backward()
        optimizer.step()
        weights.append(flat(p.values()))
    return torch.tensor(weights)


def with_weights(values):
    shapes, found, place = Algorithm.shapes, {}, 0
    for name, shape in shapes.items():
        size = torch.Size(shape).numel()
        found[name], place = values[place : place + size].reshape(shape), place + size
    return found


def ensemble_of_averages(start=3):
    """Two trainings from streams 0 and 50; the logits of batch 5 are averaged over their averaged weights."""
    models, x = [], batch(5)[0]
    for stream in (0, 50):
        weights = trained(initial(Algorithm.shapes, stream), [LEARNING_RATE] * UPDATES)
        models.append(weights[start - 1 :].mean(0))
    logits = [predict(with_weights(one), x).flatten(0, 1) for one in models]
    return {
        "start": start,
        "weights": [one.tolist() for one in models],
        "logits": (sum(logits) / len(logits)).tolist(),
    }


def accuracy(weights, t):
    x, y = batch(t, examples=64)
    return (predict(with_weights(weights), x).argmax(-1) == y).double().mean().item()


def diwa(validation=9):
    """Trainings from one start with different rates; the greedy choice asks 3 x 64 examples of batch 9."""
    rates = [5e-2, 7e-2, 1.5e-1, 1e-2]
    runs = [trained(initial(Algorithm.shapes), [rate] * UPDATES)[-1] for rate in rates]
    accuracies = [accuracy(run, validation) for run in runs]
    order = sorted(range(len(runs)), key=lambda i: -accuracies[i])
    chosen, best = [order[0]], accuracies[order[0]]
    for i in order[1:]:
        found = accuracy(torch.stack([runs[j] for j in [*chosen, i]]).mean(0), validation)
        if found >= best:
            chosen, best = [*chosen, i], found
    return {
        "rates": rates,
        "accuracies": accuracies,
        "uniform": torch.stack(runs).mean(0).tolist(),
        "chosen": chosen,
        "greedy": torch.stack([runs[i] for i in chosen]).mean(0).tolist(),
        "greedyAccuracy": best,
    }


def lp_ft(probing=3):
    """Adam on the classifier alone, then a new Adam on everything; batches go on."""
    p = initial(Algorithm.shapes)
    first = trained(p, [LEARNING_RATE] * probing, list(CLASSIFIER))
    optimizer, weights = torch.optim.Adam(p.values(), lr=LEARNING_RATE), first[1:].tolist()
    for t in range(probing, UPDATES):
        x, y = batch(t)
        optimizer.zero_grad()
        cross_entropy(predict(p, x), y).backward()
        optimizer.step()
        weights.append(flat(p.values()))
    return {"probing": probing, "weights": weights}


def plateau(rate=LEARNING_RATE):
    """ERM++'s first pass: the rate after each validation loss; the third change ends it, with a rate of 0."""
    losses = [1.0, 0.9, 0.95, 0.93, 0.88, 0.8799999, 0.89, 0.87, 0.9, 0.9, 0.9]
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler, rates, changes = ReduceLROnPlateau(optimizer, "min", patience=1), [], 0
    for loss in losses:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
        changes += len(rates) > 1 and rates[-1] != rates[-2]
        if changes == 3:
            rates[-1] = 0.0
            break
    return {"losses": losses, "rate": rate, "rates": rates}
