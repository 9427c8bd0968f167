"""Algorithms whose update is one step on a loss of the logits and features: penalties and weights on risks."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from domains.setting import Algorithm, classify, cross_entropy, features, predict, risks


class Erm(Algorithm):
    def update(self, x, y, draw):
        loss = cross_entropy(predict(self.p, x), y)
        self.step(loss)
        return {"loss": loss}


class Annealed(Algorithm):
    """A penalty whose weight changes at update `hyper[key]` (from 0), at which Adam starts anew."""

    key = "penalty_anneal_iters"

    def after(self, key=None):
        return self.count >= self.hyper[key or self.key]

    def restart(self, *keys, rate=None):
        if any(self.count == self.hyper[key] for key in keys or (self.key,)):
            self.optimizer = self.adam(self.trained(), rate)


def scale_gradients(z, y):
    """d/ds mean cross-entropy(s z, y) at s = 1, differentiable; by autograd, as the definition says."""
    scale = torch.tensor(1.0, requires_grad=True)
    return torch.autograd.grad(cross_entropy(z * scale, y), scale, create_graph=True)[0]


def irm_products(z, y):
    """[environments]: product of the gradients of the examples at even and at odd places."""
    return torch.stack(
        [scale_gradients(ze[::2], ye[::2]) * scale_gradients(ze[1::2], ye[1::2]) for ze, ye in zip(z, y)]
    )


def irm_squares(z, y):
    return torch.stack([scale_gradients(ze, ye) ** 2 for ze, ye in zip(z, y)])


class Irm(Annealed):
    key = "irm_penalty_anneal_iters"
    penalties = staticmethod(irm_products)

    def update(self, x, y, draw):
        z = predict(self.p, x)
        nll, penalty = risks(z, y).mean(), self.penalties(z, y).mean()
        weight = self.hyper["irm_lambda"] if self.after() else 1.0
        loss = self.scaled(nll + weight * penalty, weight)
        self.restart()
        self.step(loss)
        return {"loss": loss, "nll": nll, "penalty": penalty}

    def scaled(self, loss, weight):
        return loss


class IrmSquared(Irm):
    """The paper's penalty: the squared gradient of the whole batch; the loss is divided by a weight above 1."""

    penalties = staticmethod(irm_squares)

    def scaled(self, loss, weight):
        return loss / weight if weight > 1 else loss


class Vrex(Annealed):
    key = "vrex_penalty_anneal_iters"

    def update(self, x, y, draw):
        r = risks(predict(self.p, x), y)
        nll, penalty = r.mean(), ((r - r.mean()) ** 2).mean()
        loss = nll + (self.hyper["vrex_lambda"] if self.after() else 1.0) * penalty
        self.restart()
        self.step(loss)
        return {"loss": loss, "nll": nll, "penalty": penalty}


class GroupDro(Algorithm):
    def __init__(self, hyper):
        super().__init__(hyper)
        self.q = torch.ones(3)

    def update(self, x, y, draw):
        r = risks(predict(self.p, x), y)
        self.q = self.q * torch.exp(self.hyper["groupdro_eta"] * r.detach())
        self.q = self.q / self.q.sum()
        loss = (self.q * r).sum()
        self.step(loss)
        return {"loss": loss}

    def state(self):
        return {"q": self.q}


class Mixup(Algorithm):
    def update(self, x, y, draw):
        order, loss = draw["order"], 0
        for i, j, lam in zip(order, order[1:] + order[:1], draw["lambda"]):
            z = predict(self.p, lam * x[i] + (1 - lam) * x[j])
            loss = loss + (lam * cross_entropy(z, y[i]) + (1 - lam) * cross_entropy(z, y[j])) / len(order)
        self.step(loss)
        return {"loss": loss}


class Rsc(Algorithm):
    def update(self, x, y, draw):
        h, y = features(self.p, x).flatten(0, 1), y.flatten()
        z = classify(self.p, h)
        true = F.one_hot(y, z.shape[1]).to(z)
        gradient = torch.autograd.grad((z * true).sum(), h, retain_graph=True)[0]
        with torch.no_grad():
            keep = gradient < self.quantile(gradient, self.hyper["rsc_f_drop_factor"], axis=1)
            before, after = F.softmax(z, 1), F.softmax(classify(self.p, h * keep), 1)
            drop = ((before - after) * true).sum(1)
            mask = keep | (drop < self.quantile(drop, self.hyper["rsc_b_drop_factor"], axis=0))[:, None]
        loss = cross_entropy(classify(self.p, h * mask), y)
        self.step(loss)
        return {"loss": loss, "kept": mask.to(z).mean()}

    @staticmethod
    def quantile(values, dropped, axis):
        found = np.percentile(values.double().numpy(), (1 - dropped) * 100, axis=axis, keepdims=axis == 1)
        return torch.as_tensor(found).to(values)


class Sd(Algorithm):
    def update(self, x, y, draw):
        z = predict(self.p, x)
        loss, penalty = cross_entropy(z, y), z.pow(2).mean()
        self.step(loss + self.hyper["sd_reg"] * penalty)
        return {"loss": loss, "penalty": penalty}


class Fishr(Annealed):
    def __init__(self, hyper):
        super().__init__(hyper)
        self.average = torch.zeros(3, 15)

    def per_sample(self, x, y):
        """[environments, examples, coordinates]: gradients of the classifier, one example after another."""
        h = features(self.p, x)
        weights = [self.p["read-out/kernel"], self.p["read-out/bias"]]
        rows = []
        for he, ye in zip(h, y):
            for one, label in zip(he, ye):
                loss = cross_entropy(classify(self.p, one[None]), label[None])
                found = torch.autograd.grad(loss, weights, create_graph=True)
                rows.append(torch.cat([g.reshape(-1) for g in found]))
        return torch.stack(rows).reshape(*y.shape, -1)

    def update(self, x, y, draw):
        nll = cross_entropy(predict(self.p, x), y)
        variance = self.per_sample(x, y).var(1, correction=0)
        ema = self.hyper["ema"]
        moving = ema * self.average + (1 - ema) * variance
        self.average = moving.detach()
        corrected = moving / (1 - ema)
        penalty = (corrected - corrected.mean(0)).pow(2).mean()
        loss = nll + (self.hyper["lambda"] if self.after() else 0.0) * penalty
        self.restart()
        self.step(loss)
        return {"loss": loss, "nll": nll, "penalty": penalty}

    def state(self):
        return {"variance": self.average}


class Ib(Annealed):
    """IB_ERM; with `irm_lambda` among the hyper-parameters also IRM's penalty, which makes it IB_IRM."""

    def update(self, x, y, draw):
        h = features(self.p, x)
        z = classify(self.p, h)
        nll, bottleneck = risks(z, y).mean(), h.var(1).mean()
        loss = nll + (self.hyper["ib_lambda"] if self.after("ib_penalty_anneal_iters") else 0.0) * bottleneck
        found = {"nll": nll, "ib_penalty": bottleneck}
        keys = ["ib_penalty_anneal_iters"]
        if "irm_lambda" in self.hyper:
            found["irm_penalty"] = irm_products(z, y).mean()
            weight = self.hyper["irm_lambda"] if self.after("irm_penalty_anneal_iters") else 1.0
            loss = loss + weight * found["irm_penalty"]
            keys.append("irm_penalty_anneal_iters")
        self.restart(*keys)
        self.step(loss)
        return {"loss": loss, **found}


def kernel_density(r):
    """Sorted risks and the bandwidth 1.06 std n^-0.2 of a Gaussian kernel density over them."""
    return r.sort().values, 1.06 * r.std() * len(r) ** -0.2


def bisect(r, quantile):
    """The quantile of the kernel density, by 32 halvings between quantiles of the outermost kernels."""
    data, width = kernel_density(r)
    reach = torch.special.ndtri(torch.tensor(quantile))
    low, high = data[0] + width * reach, data[-1] + width * reach
    for _ in range(32):
        middle = (low + high) / 2
        above = torch.special.ndtr((middle - data) / width).mean() > quantile
        low, high = (low, middle) if above else (middle, high)
    return (low + high) / 2


class Eqrm(Annealed):
    """DomainBed differentiates through the halvings: only the lowest and the highest risk and the width count."""

    key = "eqrm_burnin_iters"

    def update(self, x, y, draw):
        r = risks(predict(self.p, x), y)
        loss = self.quantile(r) if self.after() else r.mean()
        self.restart(rate=self.hyper["eqrm_lr"])
        self.step(loss)
        return {"loss": loss}

    def quantile(self, r):
        return bisect(r, self.hyper["eqrm_quantile"])


class EqrmImplicit(Eqrm):
    """The derivative of the quantile itself, from F(quantile; risks) = alpha."""

    def quantile(self, r):
        found = bisect(r.detach(), self.hyper["eqrm_quantile"])
        data, width = kernel_density(r)
        at = (found - data) / width
        density = (torch.exp(-at.detach() ** 2 / 2) / math.sqrt(2 * math.pi)).mean() / width.detach()
        below = torch.special.ndtr(at).mean()
        return found - (below - below.detach()) / density
