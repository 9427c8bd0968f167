"""What theory says of the references: they are held against each other, and against derivatives of other kinds."""

import itertools

import torch
import torch.nn.functional as F
from torch.optim import Adam

from domains import adversaries, gradients, matching, modules, penalties
from domains.cases import CAD, DANN, EQRM, IRM, NONE, RDM, TRANSFER, TRM
from domains.setting import LEARNING_RATE, Algorithm, batch, cross_entropy, features, initial, predict, risks, run

ERM_SIZE = 74
OFF = {
    "VREx": (penalties.Vrex, {"vrex_lambda": 0.0, "vrex_penalty_anneal_iters": 0}),
    "IRM": (penalties.Irm, {"irm_lambda": 0.0, "irm_penalty_anneal_iters": 0}),
    "IRM, squared": (penalties.IrmSquared, {"irm_lambda": 0.0, "irm_penalty_anneal_iters": 0}),
    "Fishr": (penalties.Fishr, {"lambda": 0.0, "ema": 0.95, "penalty_anneal_iters": 0}),
    "IB_ERM": (penalties.Ib, {"ib_lambda": 0.0, "ib_penalty_anneal_iters": 0}),
    "RDM": (matching.Rdm, {**RDM, "rdm_penalty_anneal_iters": 9}),
    "EQRM": (penalties.Eqrm, {**EQRM, "eqrm_burnin_iters": 9}),
    "TRM": (modules.Trm, {**TRM, "iters": 9}),
    "GroupDRO": (penalties.GroupDro, {"groupdro_eta": 0.0}),
    "SD": (penalties.Sd, {"sd_reg": 0.0}),
    "CORAL": (matching.Coral, {"mmd_gamma": 0.0}),
    "MMD": (matching.Mmd, {"mmd_gamma": 0.0}),
    "CAD": (matching.Cad, {**CAD, "lmbda": 0.0}),
    "CondCAD": (matching.CondCad, {**CAD, "lmbda": 0.0}),
    "IGA": (gradients.Iga, {"penalty": 0.0}),
    "AND-mask": (gradients.AndMask, {"tau": 0.0}),
    "SAND-mask, saturated": (gradients.SandMask, {"tau": -1.0, "k": 1e15}),
    "ERM++": (modules.ErmPlusPlus, {"linear_lr": 0.0, "linear_steps": -1, "sma_start_iter": 9}),
}


def weights(kind, hyper, draws=NONE, key="parameters"):
    """[updates, elements]: featuriser and classifier after each update."""
    found = run(kind, hyper, draws, torch.float64)
    return torch.tensor([update[key][:ERM_SIZE] for update in found], dtype=torch.float64)


def same(name, one, other, tolerance=1e-9):
    difference = (one - other).abs().max().item()
    assert difference < tolerance, (name, difference)


class IgaThroughMean(Algorithm):
    """IGA without holding the mean gradient fixed."""

    def update(self, x, y, draw):
        every = [gradients.gradients(cross_entropy(predict(self.p, a), b), self.p, True) for a, b in zip(x, y)]
        mean = [sum(one) / len(one) for one in zip(*every)]
        penalty = sum((g - m).pow(2).sum() for found in every for g, m in zip(found, mean))
        self.step(risks(predict(self.p, x), y).mean() + self.hyper["penalty"] * penalty)
        return {"penalty": penalty}


def nothing_left():
    erm = weights(penalties.Erm, {})
    for name, (kind, hyper) in OFF.items():
        same(f"{name} switched off is ERM", weights(kind, hyper), erm)
    whole = [{"order": [0, 1, 2], "lambda": [1.0, 1.0, 1.0]}] * len(erm)
    same("Mixup with lambda 1 is ERM", weights(penalties.Mixup, {}, whole), erm)
    hyper = {"penalty": 1000.0}
    same("IGA's mean may be held fixed", weights(gradients.Iga, hyper), weights(IgaThroughMean, hyper))
    averaged = OFF["ERM++"][1] | {"sma_start_iter": 3}
    found = weights(modules.ErmPlusPlus, averaged, key="predictor")
    same("ERM++ averages from the update before", found[-1], erm[1:].mean(0))
    still = weights(gradients.SandMask, {"tau": 1.0, "k": 10.0})
    same("SAND-mask's defaults move nothing", still, still[:1])
    still = weights(adversaries.TransferGdaFaithful, {**TRANSFER, "gda": True})
    same("Transfer with gda moves nothing", still, still[:1])
    fish, p = weights(gradients.Fish, {"meta_lr": 1.0}), initial(Algorithm.shapes)
    optimizer = Adam(p.values(), lr=LEARNING_RATE)
    for t, row in enumerate(fish):
        for x, y in zip(*batch(t)):
            optimizer.zero_grad()
            cross_entropy(predict(p, x), y).backward()
            optimizer.step()
        now = torch.cat([value.detach().flatten() for value in p.values()])
        same("Fish with rate 1 is Adam through the environments", row, now)


def both(loss, other, p, name):
    """Two forms of one number, and their gradients."""
    same(name, loss.detach(), other.detach())
    leaves = list(p.values())
    every = (torch.autograd.grad(one, leaves, retain_graph=True, materialize_grads=True) for one in (loss, other))
    for a, b in zip(*every):
        same(name, a, b)


def closed_forms():
    """The forms of ood-transfer 7.0, which need first derivatives of the logits alone."""
    p, (x, y) = initial(Algorithm.shapes), batch(0)
    h, z = features(p, x), predict(p, x)
    error = F.softmax(z, -1) - F.one_hot(y, z.shape[-1])
    slopes = (error * z).sum(-1)
    product = slopes[:, ::2].mean(1) * slopes[:, 1::2].mean(1)
    both(penalties.irm_products(z, y).mean(), product.mean(), p, "IRM by halves")
    both(penalties.irm_squares(z, y).mean(), slopes.mean(1).pow(2).mean(), p, "IRM squared")

    fishr = penalties.Fishr({"lambda": 1.0, "ema": 0.95, "penalty_anneal_iters": 0})
    fishr.p = p
    slow = fishr.per_sample(x, y).var(1, correction=0)
    outer = (h.pow(2).transpose(1, 2) @ error.pow(2)) / 8 - ((h.transpose(1, 2) @ error) / 8).pow(2)
    fast = torch.cat([outer.flatten(1), error.var(1, correction=0)], 1)
    same("Fishr's variances by matrix products", slow, fast)
    both(*((v - v.mean(0)).pow(2).mean() for v in (slow, fast)), p, "Fishr by matrix products")

    dann = adversaries.Dann({**DANN, "grad_penalty": 1.0})
    said, active, kernels = features(dann.p, x), [], [dann.p[f"discriminator/dense{i}/kernel"] for i in (1, 2, 3)]
    seen = said
    for i in (1, 2):
        seen = seen @ kernels[i - 1] + dann.p[f"discriminator/dense{i}/bias"]
        active.append((seen > 0).double())
        seen = torch.relu(seen)
    logits = seen @ kernels[2] + dann.p["discriminator/dense3/bias"]
    own = torch.arange(3)[:, None].expand(y.shape)
    back = F.softmax(logits, -1) - F.one_hot(own, 3)
    slope = (((back @ kernels[2].T) * active[1]) @ kernels[1].T * active[0]) @ kernels[0].T
    each = F.cross_entropy(logits.flatten(0, 1), own.flatten(), reduction="sum")
    found = torch.autograd.grad(each, said, create_graph=True)[0]
    both(found.pow(2).sum(-1).mean(), slope.pow(2).sum(-1).mean(), dann.p, "DANN's gradient penalty by hand")


def brute_force():
    p, (x, y) = initial(Algorithm.shapes), batch(1)
    h = features(p, x).detach()
    a, b = h[0], h[1]
    kernel = lambda u, v: sum(torch.exp(-(10.0**k) * (u - v).pow(2).sum()) for k in range(-3, 4))
    mean = lambda us, vs: sum(kernel(u, v) for u in us for v in vs) / (len(us) * len(vs))
    same("MMD by pairs", matching.mmd(a, b), mean(a, a) + mean(b, b) - 2 * mean(a, b))
    covariance = lambda u: sum(torch.outer(r - u.mean(0), r - u.mean(0)) for r in u) / (len(u) - 1)
    expected = ((a.mean(0) - b.mean(0)) ** 2).mean() + ((covariance(a) - covariance(b)) ** 2).mean()
    same("CORAL by outer products", matching.coral(a, b), expected)

    rows, label = h.flatten(0, 1), y.flatten()
    domain = torch.arange(3).repeat_interleave(8)
    for kind in (matching.Cad, matching.CondCad):
        losses = []
        for i in range(len(rows)):
            pool = [j for j in range(len(rows)) if j != i and (not kind.conditional or label[j] == label[i])]
            scores = {j: torch.exp(rows[i] @ rows[j] / 0.1) for j in pool}
            wanted = sum(score for j, score in scores.items() if domain[j] != domain[i])
            losses.append(-(0.1 / 0.07) * torch.log(wanted / sum(scores.values())))
        found = kind(CAD).bottleneck(rows, label, domain)
        same(f"{kind.__name__} by pairs", found, torch.stack(losses).mean())

    trm, head = modules.TrmCorrected(TRM), 1
    risk = lambda kernel: cross_entropy(a @ kernel + trm.p["head1/bias"], y[0])
    kernel = trm.p["head1/kernel"].detach()
    v = torch.autograd.functional.jacobian(lambda k: cross_entropy(b @ k + trm.p["head1/bias"], y[1]), kernel)
    hessian = torch.autograd.functional.hessian(risk, kernel).reshape(12, 12)
    step, power, total = torch.eye(12) - hessian, v.flatten(), v.flatten()
    for _ in range(10):
        power = step @ power
        total = total + power
        if total.abs().max() > 10:
            break
    same("TRM's Neumann sum by the Hessian", trm.inverse_hessian(v, head, a, y[0]).flatten(), total)


def finite_differences():
    """The gradient that an update takes, against central differences of its loss along a fixed direction."""
    cases = [
        (penalties.Irm, IRM),
        (penalties.IrmSquared, IRM),
        (penalties.Vrex, {"vrex_lambda": 10.0, "vrex_penalty_anneal_iters": 3}),
        (penalties.Fishr, {"lambda": 1000.0, "ema": 0.95, "penalty_anneal_iters": 3}),
        (penalties.Ib, {"ib_lambda": 100.0, "ib_penalty_anneal_iters": 3, **IRM}),
        (penalties.Sd, {"sd_reg": 0.1}),
        (matching.Coral, {"mmd_gamma": 1.0}),
        (matching.Mmd, {"mmd_gamma": 1.0}),
        (matching.Cad, CAD),
        (matching.CondCad, CAD),
        (penalties.EqrmImplicit, EQRM),
        (matching.Rdm, RDM),
        (modules.MtlCorrected, {"mtl_ema": 0.99}),
        (modules.ArmVectors, {}),
    ]
    for kind, hyper in cases:
        # The quantile is only found to 2^-32 of its bracket.
        analytic, numeric = slopes(kind, hyper, 1e-4 if kind is penalties.EqrmImplicit else 1e-6)
        assert abs(analytic - numeric) < 1e-5 * max(1, abs(numeric)), (kind.__name__, analytic, numeric)
    analytic, numeric = slopes(penalties.Eqrm, EQRM)
    assert abs(analytic - numeric) > 1e-2 * abs(numeric), "EQRM through the halvings is no gradient"


def slopes(kind, hyper, size=1e-4):
    def made(shift):
        algorithm = kind(hyper)
        algorithm.count, losses = 3, []
        with torch.no_grad():
            for stream, value in enumerate(algorithm.p.values()):
                value += shift * torch.sin(torch.arange(value.numel()) + stream).reshape(value.shape)
        algorithm.step = lambda loss: losses.append(loss)
        algorithm.update(*batch(3), {})
        return algorithm, losses[0]

    algorithm, loss = made(0.0)
    found = torch.autograd.grad(loss, list(algorithm.p.values()))
    directions = [torch.sin(torch.arange(g.numel()) + stream).reshape(g.shape) for stream, g in enumerate(found)]
    analytic = sum((g * d).sum() for g, d in zip(found, directions)).item()
    return analytic, ((made(size)[1] - made(-size)[1]) / (2 * size)).item()


def variants_apart(cases):
    """No test could tell variants of one algorithm that lie within the tolerance of each other."""
    for one, other in itertools.combinations(cases, 2):
        if one["name"] == other["name"] and one["parameters"] == other["parameters"]:
            pairs = zip(one["updates"][-1]["moved"], other["updates"][-1]["moved"])
            assert max(abs(a - b) for a, b in pairs) > 5000, (one["name"], one.get("variant"), other.get("variant"))


def check(cases):
    torch.set_default_dtype(torch.float64)
    nothing_left()
    closed_forms()
    brute_force()
    finite_differences()
    variants_apart(cases)
