"""Reference numbers of src/evaluation/attacks: APGD and the difference of logits ratio in plain PyTorch, in float64.

python scripts/golden/attacks.py > src/evaluation/attacks/testing/reference.json

Written from the description of Croce & Hein (2020): steps of twice the radius at first, momentum 0.75 (1 in the first step),
a projection after the step and another after the momentum, checkpoints after 0.22 N steps and then after waits that shrink by
0.03 N to 0.06 N. At a checkpoint an example's step is halved, and the example goes back to its best point, if its loss rose in
fewer than 75 % of the steps since the last one, or if neither its best loss nor its step has changed since then. A step counts
as a rise where the loss after it is above the loss after the step before it. Images and gradients are rounded to float32, as
networks have them; without that, losses go on to rise by the last bits of float64 where float32 stands still.
"""

import json

import torch

torch.manual_seed(20240607)
torch.set_default_dtype(torch.float64)

COUNT, SIDE, HIDDEN, CLASSES = 8, 6, 12, 5
SIZE = SIDE * SIDE


def short(tensor):
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def single(tensor):
    """Numbers that float32 has, so that both sides begin with the same."""
    return tensor.to(torch.float32).to(torch.float64)


w1 = single(torch.randn(SIZE, HIDDEN) * 0.6)
b1 = single(torch.randn(HIDDEN) * 0.3)
w2 = single(torch.randn(HIDDEN, CLASSES))
images = single(torch.rand(COUNT, SIZE))


def network(x):
    return torch.tanh(x @ w1 + b1) @ w2


labels = network(images).argmax(1)


def dlr(z, y):
    own = z.gather(1, y[:, None])[:, 0]
    others = z.masked_fill(torch.nn.functional.one_hot(y, z.shape[1]).bool(), float("-inf")).amax(1)
    ranked = z.sort(dim=1, descending=True).values
    return -(own - others) / (ranked[:, 0] - ranked[:, 2])


def ce(z, y):
    return torch.nn.functional.cross_entropy(z, y, reduction="none")


LOSSES = {"ce": ce, "dlr": dlr}


def loss_and_gradient(name, x):
    x = x.clone().requires_grad_(True)
    losses = LOSSES[name](network(x), labels)
    (gradient,) = torch.autograd.grad(losses.sum(), x)
    return losses.detach(), single(gradient)


def unit(norm, x):
    size = x.abs().amax(1) if norm == "linf" else x.norm(dim=1)
    return x / size[:, None]


def into_ball(norm, x, radius):
    d = x - images
    if norm == "linf":
        d = d.clamp(-radius, radius)
    else:
        length = d.norm(dim=1, keepdim=True)
        d = torch.where(length > radius, d * radius / length, d)
    return (images + d).clamp(0, 1)


def uphill(norm, gradient):
    return gradient.sign() if norm == "linf" else unit(norm, gradient)


def checkpoints(steps):
    wait, places = max(int(0.22 * steps), 1), []
    while sum(places[-1:]) + wait <= steps:
        places.append(sum(places[-1:]) + wait)
        wait = max(wait - max(int(0.03 * steps), 1), max(int(0.06 * steps), 1))
    return places


def apgd(name, norm, radius, steps, start):
    eta = torch.full((COUNT, 1), 2 * radius)
    trail = [start]
    losses, gradient = loss_and_gradient(name, start)
    history = [losses]
    best, best_x, best_gradient = losses.clone(), start.clone(), gradient.clone()
    at_check, eta_at_check = best.clone(), torch.full((COUNT, 1), float("nan"))
    x, previous, since = start, start, 0
    for k in range(1, steps + 1):
        a = 1.0 if k == 1 else 0.75
        z = into_ball(norm, x + eta * uphill(norm, gradient), radius)
        following = single(into_ball(norm, x + a * (z - x) + (1 - a) * (x - previous), radius))
        previous, x = x, following
        losses, gradient = loss_and_gradient(name, x)
        history.append(losses)
        higher = losses > best
        best = torch.where(higher, losses, best)
        best_x = torch.where(higher[:, None], x, best_x)
        best_gradient = torch.where(higher[:, None], gradient, best_gradient)
        if k in checkpoints(steps):
            rises = sum((history[i] > history[i - 1]).double() for i in range(since + 1, k + 1))
            few = rises < 0.75 * (k - since)
            same = (best == at_check) & (eta == eta_at_check)[:, 0]
            halve = few | same
            eta_at_check = eta.clone()
            eta = torch.where(halve[:, None], eta / 2, eta)
            x = torch.where(halve[:, None], best_x, x)
            gradient = torch.where(halve[:, None], best_gradient, gradient)
            at_check, since = best.clone(), k
    return {"loss": short(best), "lengths": short(eta), "images": short(best_x)}


out = {
    "weights": {"w1": short(w1), "b1": short(b1), "w2": short(w2)},
    "images": short(images),
    "labels": labels.tolist(),
    "runs": [],
}
for norm, radius in (("linf", 0.05), ("l2", 0.4)):
    noise = 2 * torch.rand(COUNT, SIZE) - 1 if norm == "linf" else torch.randn(COUNT, SIZE)
    start = single((images + radius * unit(norm, noise)).clamp(0, 1))
    for name in LOSSES:
        for steps in (30, 100):
            found = apgd(name, norm, radius, steps, start)
            out["runs"].append(
                {"norm": norm, "radius": radius, "loss": name, "steps": steps, "start": short(start), "found": found}
            )

z = single(torch.randn(6, CLASSES) * 2).requires_grad_(True)
y = torch.tensor([0, 1, 2, 3, 4, int(z[5].argmax())])
value = dlr(z, y)
(slope,) = torch.autograd.grad(value.sum(), z)
out["ratio"] = {"logits": short(z.detach()), "classes": y.tolist(), "loss": short(value.detach()), "gradient": short(slope)}
out["checkpoints"] = {str(steps): checkpoints(steps) for steps in (1, 10, 30, 40, 50, 100, 1000)}
print(json.dumps(out))
