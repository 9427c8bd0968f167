"""Algorithms that match distributions: features of environments, of re-cut batches, or losses."""

import torch
import torch.nn.functional as F

from domains.penalties import Annealed
from domains.setting import Algorithm, classify, cross_entropy, features, predict, risks


def coral(a, b):
    mean = (a.mean(0) - b.mean(0)).pow(2).mean()
    covariance = (torch.cov(a.T) - torch.cov(b.T)).pow(2).mean()
    return mean + covariance


def gaussian_mmd(a, b, gammas):
    def kernel(u, v):
        distance = (u[:, None] - v[None]).pow(2).sum(-1)
        return sum(torch.exp(-gamma * distance) for gamma in gammas).mean()

    return kernel(a, a) + kernel(b, b) - 2 * kernel(a, b)


def mmd(a, b):
    return gaussian_mmd(a, b, [10.0**k for k in range(-3, 4)])


class Matched(Algorithm):
    def update(self, x, y, draw):
        h = features(self.p, x)
        loss = risks(classify(self.p, h), y).mean()
        pairs = [(i, j) for i in range(len(h)) for j in range(i + 1, len(h))]
        penalty = sum(self.distance(h[i], h[j]) for i, j in pairs) / len(pairs)
        self.step(loss + self.hyper["mmd_gamma"] * penalty)
        return {"loss": loss, "penalty": penalty}


class Coral(Matched):
    distance = staticmethod(coral)


class Mmd(Matched):
    distance = staticmethod(mmd)


class CausIrl(Algorithm):
    def update(self, x, y, draw):
        h = features(self.p, x)
        loss = risks(classify(self.p, h), y).mean()
        first = torch.cat([one[:cut] for one, cut in zip(h, draw["cut"])])
        second = torch.cat([one[cut:] for one, cut in zip(h, draw["cut"])])
        enough = len(first) > 1 and len(second) > 1
        penalty = self.distance(first, second) if enough else torch.tensor(0.0)
        self.step(loss + self.hyper["mmd_gamma"] * penalty)
        return {"loss": loss, "penalty": penalty}


class CausIrlCoral(CausIrl):
    distance = staticmethod(coral)


class CausIrlMmd(CausIrl):
    distance = staticmethod(mmd)


class Cad(Algorithm):
    conditional = False

    def update(self, x, y, draw):
        h = features(self.p, x)
        z = classify(self.p, h)
        domain = torch.arange(len(y))[:, None].expand(y.shape).flatten()
        clf_loss, penalty = cross_entropy(z, y), self.bottleneck(h.flatten(0, 1), y.flatten(), domain)
        loss = clf_loss + self.hyper["lmbda"] * penalty
        self.step(loss)
        return {"loss": loss, "nll": clf_loss, "penalty": penalty}

    def bottleneck(self, h, y, domain):
        temperature = self.hyper["temperature"]
        others = ~torch.eye(len(h), dtype=torch.bool)
        alike = (y[:, None] == y[None]) & others
        apart = domain[:, None] != domain[None]
        pool = alike if self.conditional else others
        wanted = pool & apart
        usable = wanted.any(1) if self.conditional else alike.any(1)
        similarity = h @ h.T / temperature
        log_sum = lambda mask: torch.logsumexp(similarity.masked_fill(~mask, -torch.inf), 1)
        return -(temperature / 0.07) * (log_sum(wanted)[usable] - log_sum(pool)[usable]).mean()


class CondCad(Cad):
    conditional = True


class Rdm(Annealed):
    key = "rdm_penalty_anneal_iters"

    def update(self, x, y, draw):
        losses = F.cross_entropy(predict(self.p, x).transpose(1, 2), y, reduction="none")
        nll = losses.mean()
        worst = losses[losses.mean(1).argmax()]
        everything = losses.flatten()
        matching = gaussian_mmd(worst[:, None], everything[:, None], [10.0**k for k in range(-4, 4)])
        variance = everything.var() + worst.var()
        loss = nll
        if self.after():
            loss = nll + self.hyper["rdm_lambda"] * matching + self.hyper["variance_weight"] * variance
        self.restart(rate=self.hyper["rdm_lr"])
        self.step(loss)
        return {"loss": loss, "nll": nll, "matching_penalty": matching, "variance_penalty": variance}
