"""Algorithms that change the model itself, carry averages, or fit heads inside an update."""

import torch
import torch.nn.functional as F
from torch.optim import SGD

from domains.setting import CLASSES, CLASSIFIER, ENVIRONMENTS, FEATURES, FEATURISER, HIDDEN, INPUTS
from domains.setting import Algorithm, classify, cross_entropy, dense_layers, features, mlp, predict, prefixed, risks

HEAD = {"kernel": (FEATURES, CLASSES), "bias": (CLASSES,)}


class Mtl(Algorithm):
    """Faithful: the embedding is noise; the moving average is kept, and never used."""

    shapes = {**FEATURISER, "read-out/kernel": (2 * FEATURES, CLASSES), "read-out/bias": (CLASSES,)}

    def __init__(self, hyper):
        super().__init__(hyper)
        self.embeddings = torch.zeros(ENVIRONMENTS, FEATURES)

    def update(self, x, y, draw):
        h = features(self.p, x)
        mean = self.hyper["mtl_ema"] * h.mean(1) + (1 - self.hyper["mtl_ema"]) * self.embeddings
        self.embeddings = mean.detach()
        z = classify(self.p, torch.cat([h, self.embedding(h, mean, draw)], -1))
        loss = risks(z, y).sum()
        self.step(loss)
        return {"loss": loss}

    def embedding(self, h, mean, draw):
        return torch.tensor(draw["noise"])

    def state(self):
        return {"embeddings": self.embeddings}


class MtlCorrected(Mtl):
    def embedding(self, h, mean, draw):
        return mean[:, None].expand_as(h)


def batch_norm(p, prefix, x):
    """Batch normalisation by the batch's own moments; the last axis holds the channels.

    Biases of layers before it have no effect and no gradient but rounding, which Adam would blow up: they are left out.
    """
    axes = tuple(range(x.dim() - 1))
    mean, variance = x.mean(axes), x.var(axes, correction=0)
    return (x - mean) / torch.sqrt(variance + 1e-5) * p[prefix + "scale"] + p[prefix + "offset"]


def running(old, x):
    """Running mean and variance after one more batch, at momentum 0.1."""
    rows = x.detach().reshape(-1, x.shape[-1])
    return 0.9 * old[0] + 0.1 * rows.mean(0), 0.9 * old[1] + 0.1 * rows.var(0)


CHANNELS = 3


class Arm(Algorithm):
    """Faithful: the context network is no part of the optimiser, and stays what it was at the start."""

    images = True
    trains_context = False
    shapes = {
        "dense1/kernel": (32, HIDDEN),
        **{name: shape for name, shape in FEATURISER.items() if name != "dense1/kernel"},
        **CLASSIFIER,
        "context/conv1/kernel": (5, 5, 1, CHANNELS),
        "context/norm1/scale": (CHANNELS,),
        "context/norm1/offset": (CHANNELS,),
        "context/conv2/kernel": (5, 5, CHANNELS, CHANNELS),
        "context/norm2/scale": (CHANNELS,),
        "context/norm2/offset": (CHANNELS,),
        "context/conv3/kernel": (5, 5, CHANNELS, 1),
        "context/conv3/bias": (1,),
    }

    def __init__(self, hyper):
        super().__init__(hyper)
        self.moments = {f"norm{i}": (torch.zeros(CHANNELS), torch.ones(CHANNELS)) for i in (1, 2)}

    def trained(self):
        return [name for name in self.shapes if self.trains_context or not name.startswith("context/")]

    def conv(self, i, x):
        weight = self.p[f"context/conv{i}/kernel"].permute(3, 2, 0, 1).contiguous()
        found = F.conv2d(x.permute(0, 3, 1, 2).contiguous(), weight, self.p.get(f"context/conv{i}/bias"), padding=2)
        return found.permute(0, 2, 3, 1)

    def context(self, x):
        """[environments, 1, height, width, 1]: mean of the context net's images, normed over all environments."""
        images = x.flatten(0, 1)
        for i in (1, 2):
            images = self.conv(i, images)
            self.moments[f"norm{i}"] = running(self.moments[f"norm{i}"], images)
            images = torch.relu(batch_norm(self.p, f"context/norm{i}/", images))
        return self.conv(3, images).reshape(x.shape).mean(1, keepdim=True)

    def update(self, x, y, draw):
        seen = torch.cat([x, self.context(x).expand_as(x)], -1)
        loss = cross_entropy(predict(self.p, seen.flatten(2)), y)
        self.step(loss)
        return {"loss": loss}

    def state(self):
        kinds = ("mean", "variance")
        return {f"{name}/{kind}": one for name, pair in self.moments.items() for kind, one in zip(kinds, pair)}


class ArmCorrected(Arm):
    trains_context = True


class ArmVectors(Algorithm):
    """The same on vectors: a context of two numbers from an MLP, beside the inputs; the context net is trained."""

    shapes = {
        "dense1/kernel": (INPUTS + 2, HIDDEN),
        **{name: shape for name, shape in FEATURISER.items() if name != "dense1/kernel"},
        **CLASSIFIER,
        **mlp("context/", [INPUTS, HIDDEN, 2]),
    }

    def update(self, x, y, draw):
        context = dense_layers(self.p, "context/", x).mean(1, keepdim=True).expand(*y.shape, 2)
        loss = cross_entropy(predict(self.p, torch.cat([x, context], -1)), y)
        self.step(loss)
        return {"loss": loss}


class SelfReg(Algorithm):
    """Faithful: the projection is no part of the optimiser. Rows are sorted by class, stably, before the draws."""

    trains_projection = False
    shapes = {
        **FEATURISER,
        **CLASSIFIER,
        "projection/dense1/kernel": (FEATURES, 2 * FEATURES),
        "projection/norm1/scale": (2 * FEATURES,),
        "projection/norm1/offset": (2 * FEATURES,),
        "projection/dense2/kernel": (2 * FEATURES, 2 * FEATURES),
        "projection/norm2/scale": (2 * FEATURES,),
        "projection/norm2/offset": (2 * FEATURES,),
        "projection/dense3/kernel": (2 * FEATURES, FEATURES),
        "projection/norm3/scale": (FEATURES,),
        "projection/norm3/offset": (FEATURES,),
    }

    def trained(self):
        return [name for name in self.shapes if self.trains_projection or not name.startswith("projection/")]

    def project(self, h):
        for i in (1, 2, 3):
            h = batch_norm(self.p, f"projection/norm{i}/", h @ self.p[f"projection/dense{i}/kernel"])
            h = torch.relu(h) if i < 3 else h
        return h

    def update(self, x, y, draw):
        order = y.flatten().argsort(stable=True)
        x, y, lam = x.flatten(0, 1)[order], y.flatten()[order], draw["lambda"]
        h = features(self.p, x)
        z, projected = classify(self.p, h), self.project(h)
        z2, z3 = z[draw["first"]], z[draw["second"]]
        h2, h3 = projected[draw["first"]], projected[draw["second"]]
        z3, h3 = lam * z2 + (1 - lam) * z3, lam * h2 + (1 - lam) * h3
        single = F.mse_loss(z2, z) + 0.3 * F.mse_loss(h2, h)
        mixed = F.mse_loss(z3, z) + 0.3 * F.mse_loss(h3, h)
        nll = cross_entropy(z, y)
        penalty = lam * single + (1 - lam) * mixed
        loss = nll + min(nll.item(), 1.0) * penalty
        self.step(loss)
        return {"loss": loss, "nll": nll, "penalty": penalty}


class SelfRegCorrected(SelfReg):
    trains_projection = True


class Trm(Algorithm):
    """Faithful: see README.md for the two slips that `corrected` undoes."""

    shapes = {**FEATURISER, **CLASSIFIER}
    for environment in range(ENVIRONMENTS):
        shapes |= prefixed(f"head{environment}/", HEAD)

    def __init__(self, hyper):
        super().__init__(hyper)
        self.optimizer = self.adam([*FEATURISER, *CLASSIFIER])
        self.heads = SGD([self.p[name] for name in self.group("head")], lr=0.1)
        self.alpha = torch.ones(ENVIRONMENTS, ENVIRONMENTS) - torch.eye(ENVIRONMENTS)

    def state(self):
        return {"alpha": self.alpha}

    def head_risk(self, head, h, y):
        return cross_entropy(classify(self.p, h, f"head{head}/"), y)

    def slope(self, loss, head):
        return torch.autograd.grad(loss, self.p[f"head{head}/kernel"], create_graph=True)[0]

    def inverse_hessian(self, v, head, h, y):
        """Sum of (1 - Hessian)^k v, k = 0 .. 10, cut off once an element exceeds 10."""
        kernel = self.p[f"head{head}/kernel"]
        total = self.first_term(v)
        for k in range(10):
            gradient = self.slope(self.head_risk(head, h.detach(), y), head)
            v = v - torch.autograd.grad((gradient * v).sum(), kernel)[0]
            total = self.add(total, v, k)
            if total.abs().max() > 10:
                break
        return total

    def first_term(self, v):
        return v

    def add(self, total, v, k):
        # v is changed in place while the sum still is v itself: the term k = 0 is lost, and k = 1 counts twice.
        return 2 * v if k == 0 else total + v

    def update(self, x, y, draw):
        h = features(self.p, x)
        nll = cross_entropy(classify(self.p, h), y)
        loss = nll + self.transfer(h, y) if self.count >= self.hyper["iters"] else nll
        self.step(loss)
        return {"nll": nll, "trm_loss": loss - nll}

    def fit_heads(self, h, y):
        for _ in range(30):
            self.step(sum(self.head_risk(e, h[e].detach(), y[e]) for e in range(ENVIRONMENTS)), self.heads)

    def transfer(self, h, y):
        self.alpha = self.alpha / self.alpha.sum(1, keepdim=True)
        self.fit_heads(h, y)
        total, moved = 0, self.alpha.clone()
        for q in range(ENVIRONMENTS):
            own = self.slope(self.head_risk(q, h[q], y[q]), q)
            others = [i for i in range(ENVIRONMENTS) if i != q]
            there = {i: self.head_risk(q, h[i], y[i]) for i in others}
            weighted = sum(self.alpha[q, i] * there[i] for i in others)
            v = self.inverse_hessian(self.slope(weighted, q).detach(), q, h[q], y[q])
            for i in others:
                moved[q, i] *= torch.exp(self.hyper["groupdro_eta"] * self.gain(q, i, there[i]))
            total = total + self.weighted_risk(q, others, there, moved)
            total = total - self.hyper["cos_lambda"] * (v.detach() * own).sum()
        self.alpha = moved
        return total / ENVIRONMENTS

    def gain(self, q, i, risk):
        return (self.alpha[q, i] * risk).detach()

    def weighted_risk(self, q, others, there, moved):
        # The weights are changed in place before the backward pass reads them: value by the old ones, slope by the new.
        return sum(
            self.alpha[q, i] * there[i].detach() + moved[q, i].item() * (there[i] - there[i].detach()) for i in others
        )


class TrmCorrected(Trm):
    def add(self, total, v, k):
        return total + v

    def weighted_risk(self, q, others, there, moved):
        return sum(self.alpha[q, i] * there[i] for i in others)


class ErmPlusPlus(Algorithm):
    def __init__(self, hyper):
        super().__init__(hyper)
        self.head = self.adam(list(CLASSIFIER), hyper["linear_lr"])
        self.averaged = {name: value.detach().clone() for name, value in self.p.items()}
        self.counted = 0

    def update(self, x, y, draw):
        loss = cross_entropy(predict(self.p, x), y)
        self.step(loss, self.optimizer if self.count > self.hyper["linear_steps"] else self.head)
        if self.count + 1 >= self.hyper["sma_start_iter"]:
            self.counted += 1
        for name, value in self.p.items():
            new = value.detach()
            self.averaged[name] = (self.counted * self.averaged[name] + new) / (self.counted + 1)
        return {"loss": loss}

    def predictor(self):
        return self.averaged.values()
