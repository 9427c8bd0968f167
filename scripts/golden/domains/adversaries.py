"""Algorithms with networks beside the classifier: adversaries, style and domain heads, in turn or in one update."""

import torch
import torch.nn.functional as F
from torch.optim import SGD

from domains.setting import CLASSES, CLASSIFIER, ENVIRONMENTS, FEATURES, FEATURISER, LEARNING_RATE
from domains.setting import Algorithm, classify, cross_entropy, dense_layers, features, mlp, prefixed, risks

WIDTH = 6
DISCRIMINATOR = mlp("discriminator/", [FEATURES, WIDTH, WIDTH, ENVIRONMENTS])


def domains_of(y):
    return torch.arange(len(y))[:, None].expand(y.shape)


class Dann(Algorithm):
    shapes = {**FEATURISER, **CLASSIFIER, **DISCRIMINATOR}

    def __init__(self, hyper):
        super().__init__(hyper)
        betas = (hyper["beta1"], 0.9)
        self.optimizer = self.adam([*FEATURISER, *CLASSIFIER], hyper["lr_g"], betas)
        adversary = [name for name in self.shapes if name.startswith(("discriminator/", "embeddings/"))]
        self.opponent = self.adam(adversary, hyper["lr_d"], betas)

    def seen(self, h, y):
        return h

    def disc_loss(self, each, y):
        return each.mean()

    def update(self, x, y, draw):
        h, domain = features(self.p, x), domains_of(y)
        seen = self.seen(h, y)
        said = dense_layers(self.p, "discriminator/", seen)
        each = F.cross_entropy(said.flatten(0, 1), domain.flatten(), reduction="none").reshape(y.shape)
        slope = torch.autograd.grad(each.sum(), seen, create_graph=True)[0]
        penalty = slope.pow(2).sum(-1).mean()
        disc_loss = self.disc_loss(each, y) + self.hyper["grad_penalty"] * penalty
        steps = self.hyper["d_steps_per_g_step"]
        if (self.count + 1) % (1 + steps) < steps:
            self.step(disc_loss, self.opponent)
            return {"disc_loss": disc_loss, "grad_penalty": penalty}
        gen_loss = cross_entropy(classify(self.p, h), y) - self.hyper["lambda"] * disc_loss
        self.step(gen_loss)
        return {"gen_loss": gen_loss, "disc_loss": disc_loss, "grad_penalty": penalty}


class Cdann(Dann):
    shapes = {**Dann.shapes, "embeddings/table": (CLASSES, FEATURES)}

    def seen(self, h, y):
        return h + self.p["embeddings/table"][y]

    def disc_loss(self, each, y):
        counts = torch.bincount(y.flatten())
        return (each / (counts[y] * len(counts))).sum()


class SagNet(Algorithm):
    shapes = {**FEATURISER, **CLASSIFIER, **prefixed("style/", {"kernel": (FEATURES, CLASSES), "bias": (CLASSES,)})}

    def __init__(self, hyper):
        super().__init__(hyper)
        self.featuriser, self.content, self.style = (
            self.adam(names) for names in (list(FEATURISER), list(CLASSIFIER), self.group("style/"))
        )

    @staticmethod
    def parts(h):
        mean, deviation = h.mean(-1, keepdim=True), (h.var(-1, keepdim=True) + 1e-5).sqrt()
        return mean, h.var(-1, keepdim=True), (h - mean) / deviation

    def other_style(self, h, order, alpha):
        mean, variance, shape = self.parts(h)
        alpha = torch.tensor(alpha)[:, None]
        mean = alpha * mean + (1 - alpha) * mean[order]
        variance = alpha * variance + (1 - alpha) * variance[order]
        return shape * (variance + 1e-5).sqrt() + mean

    def other_content(self, h, order):
        mean, variance, shape = self.parts(h)
        return shape[order].detach() * (variance + 1e-5).sqrt() + mean

    def update(self, x, y, draw):
        x, y = x.flatten(0, 1), y.flatten()
        content = self.other_style(features(self.p, x), draw["content_order"], draw["alpha"])
        loss_c = cross_entropy(classify(self.p, content), y)
        self.step(loss_c, self.featuriser)
        self.content.step()
        style = self.other_content(features(self.p, x), draw["style_order"])
        loss_s = cross_entropy(classify(self.p, style, "style/"), y)
        self.step(loss_s, self.style)
        style = self.other_content(features(self.p, x), draw["adversary_order"])
        loss_adv = -self.hyper["sag_w_adv"] * F.log_softmax(classify(self.p, style, "style/"), 1).mean()
        self.step(loss_adv, self.featuriser)
        return {"loss_c": loss_c, "loss_s": loss_s, "loss_adv": loss_adv}


class Urm(Algorithm):
    shapes = {**FEATURISER, **CLASSIFIER, **mlp("discriminator/", [FEATURES, WIDTH, WIDTH, 1])}

    def __init__(self, hyper):
        super().__init__(hyper)
        self.optimizer = self.adam([*FEATURISER, *CLASSIFIER])
        self.opponent = self.adam(self.group("discriminator/"), hyper["urm_discriminator_lr"])

    def said(self, h):
        return dense_layers(self.p, "discriminator/", h, F.leaky_relu)

    def update(self, x, y, draw):
        weight = self.hyper["urm_adv_lambda"]
        h = torch.tanh(features(self.p, x))
        nll = cross_entropy(classify(self.p, h), y)
        loss = nll + weight * F.softplus(-self.said(h)).mean()
        self.step(loss)
        noise = 2 * torch.tensor(draw["noise"]) - 1
        disc_loss = F.softplus(-self.said(noise)).mean() + weight * F.softplus(self.said(h.detach())).mean()
        self.step(disc_loss, self.opponent)
        return {"loss": loss, "nll": nll, "disc_loss": disc_loss}


class Transfer(Algorithm):
    """`gda` false. The adversary starts as a copy of the classifier."""

    shapes = {**FEATURISER, **CLASSIFIER, "adversary/kernel": (FEATURES, CLASSES), "adversary/bias": (CLASSES,)}

    def __init__(self, hyper):
        super().__init__(hyper)
        self.reset()
        self.optimizer = self.main_optimizer()
        self.adversary = SGD([self.p[name] for name in self.group("adversary/")], lr=hyper["lr_d"])

    def main_optimizer(self):
        return self.adam([*FEATURISER, *CLASSIFIER])

    def reset(self):
        with torch.no_grad():
            for kind in ("kernel", "bias"):
                self.p["adversary/" + kind].copy_(self.p["read-out/" + kind])

    def gap(self, x, y):
        r = risks(classify(self.p, features(self.p, x), "adversary/"), y)
        return r.max() - r.min()

    def project(self):
        pairs = [(self.p["adversary/" + kind], self.p["read-out/" + kind]) for kind in ("kernel", "bias")]
        with torch.no_grad():
            distance = torch.sqrt(sum((a - b).pow(2).sum() for a, b in pairs))
            if distance > self.hyper["delta"]:
                for a, b in pairs:
                    a.copy_(b + self.hyper["delta"] / distance * (a - b))

    def update(self, x, y, draw):
        loss = cross_entropy(classify(self.p, features(self.p, x)), y)
        self.step(loss)
        # The classifier is no part of the gap: it has no gradient here, and Adam leaves it and its moments alone.
        self.step(self.hyper["t_lambda"] * self.gap(x, y))
        self.reset()
        for _ in range(self.hyper["d_steps_per_g"]):
            gap = self.hyper["t_lambda"] * self.gap(x, y)
            self.step(-gap, self.adversary)
            self.project()
        return {"loss": loss, "gap": gap}


class TransferGda(Transfer):
    """`gda` true, corrected: plain gradient descent on featuriser and classifier."""

    def main_optimizer(self):
        return SGD([self.p[name] for name in [*FEATURISER, *CLASSIFIER]], lr=LEARNING_RATE)


class TransferGdaFaithful(Transfer):
    """`gda` true as in DomainBed: the main optimiser holds the adversary alone."""

    def main_optimizer(self):
        return SGD([self.p[name] for name in self.group("adversary/")], lr=LEARNING_RATE)


class Adrmx(Algorithm):
    shapes = {
        **prefixed("label/", FEATURISER),
        **prefixed("domain/", FEATURISER),
        **mlp("classifier1/", [FEATURES, FEATURES // 2, FEATURES // 4, CLASSES]),
        **mlp("classifier2/", [FEATURES, FEATURES // 2, FEATURES // 4, CLASSES]),
        **mlp("domain-classifier/", [FEATURES, FEATURES // 2, FEATURES // 4, ENVIRONMENTS]),
        **DISCRIMINATOR,
    }

    def __init__(self, hyper):
        super().__init__(hyper)
        betas, own = (hyper["beta1"], 0.9), self.group("discriminator/")
        self.optimizer = self.adam([name for name in self.shapes if name not in own], hyper["lr"], betas)
        self.opponent = self.adam(own, hyper["lr"], betas)

    @staticmethod
    def contrast(h, y, domain):
        """Supervised contrastive loss, examples of the own domain weighted by 1/2 and others by 1/2."""
        unit = F.normalize(h, dim=1)
        term = 0.5 * torch.exp(unit @ unit.T / 0.07)
        others = ~torch.eye(len(h), dtype=torch.bool)
        alike = (y[:, None] == y[None]) & others
        pool = alike | (y[:, None] != y[None])
        share = term / ((term * pool).sum(1, keepdim=True) + 1e-5)
        each = (torch.log(share + 1e-5) * alike).sum(1) / alike.sum(1).clamp(min=1)
        usable = alike.any(1)
        return -each[usable].sum() / (usable.sum() + 1)

    def remixed(self, combined, domain_part, y, pairs):
        """Sum over the pairs of rows; divided by the number of classes, with or without a pair."""
        losses = [
            cross_entropy(dense_layers(self.p, "classifier1/", combined[i] + domain_part[j])[None], y[i][None])
            for i, j in pairs
        ]
        return sum(losses) / CLASSES

    def update(self, x, y, draw):
        domain = domains_of(y).flatten()
        x, y = x.flatten(0, 1), y.flatten()
        label_part, domain_part = features(self.p, x, "label/"), features(self.p, x, "domain/")
        combined = label_part - domain_part
        disc_loss = cross_entropy(dense_layers(self.p, "discriminator/", combined), domain)
        steps = self.hyper["d_steps_per_g_step"]
        if (self.count + 1) % (1 + steps) < steps:
            self.step(disc_loss, self.opponent)
            return {"loss_disc": disc_loss}
        found = {
            "loss_clf_int": cross_entropy(dense_layers(self.p, "classifier1/", label_part), y),
            "loss_clf_fin": cross_entropy(dense_layers(self.p, "classifier2/", combined), y),
            "loss_dmn": cross_entropy(dense_layers(self.p, "domain-classifier/", domain_part), domain),
            "loss_remixed": self.remixed(combined, domain_part, y, draw["pairs"]),
            "loss_cnt_int": self.contrast(label_part, y, domain),
            "loss_cnt_final": self.contrast(combined, y, domain),
            "loss_disc": disc_loss,
        }
        dclf, rmxd, cnt, disc = (self.hyper[f"{key}_lambda"] for key in ("dclf", "rmxd", "cnt", "disc"))
        loss = (
            found["loss_clf_int"]
            + found["loss_clf_fin"]
            + dclf * found["loss_dmn"]
            + rmxd * found["loss_remixed"]
            + cnt * (found["loss_cnt_int"] + found["loss_cnt_final"])
            - disc * disc_loss
        )
        self.step(loss)
        return {"loss_total": loss, **found}
