"""Algorithms that work on the gradients of single environments, or step through environments in turn."""

import torch
from torch.optim import Adam

from domains.setting import LEARNING_RATE, Algorithm, cross_entropy, predict, risks


def gradients(loss, p, create_graph=False):
    return torch.autograd.grad(loss, list(p.values()), create_graph=create_graph)


def per_environment(p, x, y):
    """One array for each parameter: [environments, ...shape]."""
    every = [gradients(cross_entropy(predict(p, xe), ye), p) for xe, ye in zip(x, y)]
    return [torch.stack(one) for one in zip(*every)]


class Masked(Algorithm):
    def update(self, x, y, draw):
        loss = risks(predict(self.p, x), y).mean()
        masked = []
        for g in per_environment(self.p, x, y):
            mask = self.mask(g)
            masked.append(mask * g.mean(0) / (1e-10 + mask.mean()))
        self.apply(masked)
        return {"loss": loss}


class AndMask(Masked):
    def mask(self, g):
        return (g.sign().mean(0).abs() >= self.hyper["tau"]).to(g)


class SandMask(Masked):
    def mask(self, g):
        certainty = self.hyper["k"] / g.var(0)
        found = torch.tanh(certainty * (g.sign().mean(0).abs() - self.hyper["tau"])).clamp(min=0)
        return torch.nan_to_num(found, nan=1e-17)


class Iga(Algorithm):
    def update(self, x, y, draw):
        every = [gradients(cross_entropy(predict(self.p, xe), ye), self.p, True) for xe, ye in zip(x, y)]
        loss = risks(predict(self.p, x), y).mean()
        mean = [sum(one).detach() / len(one) for one in zip(*every)]
        penalty = sum((g - m).pow(2).sum() for found in every for g, m in zip(found, mean))
        self.step(loss + self.hyper["penalty"] * penalty)
        return {"loss": loss, "penalty": penalty}


def copy_of(p):
    return {name: value.detach().clone().requires_grad_() for name, value in p.items()}


class Mldg(Algorithm):
    def update(self, x, y, draw):
        order, tests = draw["order"], self.hyper["n_meta_test"]
        train, test = order[:-tests], order[-tests:]
        total, loss = [torch.zeros_like(value) for value in self.p.values()], 0.0
        for place, i in enumerate(train):
            j = test[place % len(test)]
            inner = copy_of(self.p)
            first = cross_entropy(predict(inner, x[i]), y[i])
            own = gradients(first, inner)
            for value, gradient in zip(inner.values(), own):
                value.grad = gradient
            Adam(inner.values(), lr=LEARNING_RATE).step()
            second = cross_entropy(predict(inner, x[j]), y[j])
            other = gradients(second, inner)
            beta = self.hyper["mldg_beta"]
            total = [sum_ + (a + beta * b) / len(x) for sum_, a, b in zip(total, own, other)]
            loss += (first.detach() + beta * second.detach()) / len(x)
        self.apply(total)
        return {"loss": loss}


class Fish(Algorithm):
    """Adam belongs to the clone: its moments go on from update to update, while the clone starts at the weights."""

    def __init__(self, hyper):
        super().__init__(hyper)
        self.inner = copy_of(self.p)
        self.inner_optimizer = Adam(self.inner.values(), lr=LEARNING_RATE)

    def update(self, x, y, draw):
        with torch.no_grad():
            for name, value in self.inner.items():
                value.copy_(self.p[name])
        for xe, ye in zip(x, y):
            loss = cross_entropy(predict(self.inner, xe), ye)
            self.inner_optimizer.zero_grad()
            loss.backward()
            self.inner_optimizer.step()
        with torch.no_grad():
            for name, value in self.p.items():
                value += self.hyper["meta_lr"] * (self.inner[name] - value)
        return {"loss": loss}
