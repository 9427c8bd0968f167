"""All cases of algorithms.py: which algorithm, which variant, which hyper-parameters, which draws.

Hyper-parameters have DomainBed's names and, for small images, its defaults, but for: anneals and burn-ins (3 of 5
updates); what the note of a case says.
"""

import numpy as np

from domains import adversaries, gradients, matching, modules, penalties
from domains.setting import CLASSES, ENVIRONMENTS, EXAMPLES, FEATURES, UPDATES, labels, normal, permutation, uniform

ROWS = ENVIRONMENTS * EXAMPLES
ANNEAL = UPDATES - 2
NONE = [{} for _ in range(UPDATES)]


def each(make):
    return [make(t) for t in range(UPDATES)]


def within_classes(stream, t):
    """A permutation of the rows sorted by class that leaves every row in its class."""
    counts, found = np.bincount(labels(t).ravel(), minlength=CLASSES), []
    for k, count in enumerate(counts):
        found += [len(found) + i for i in permutation(stream + k, count)] if count else []
    return found


def positions(stream, t):
    """DomainBed's draw: two positions in the list of a class's rows, taken for rows of the batch."""
    counts = np.bincount(labels(t).ravel(), minlength=CLASSES)
    return [permutation(stream + 10 * t + k, count)[:2] for k, count in enumerate(counts) if count > 1]


def alike_apart(stream, t):
    """Two rows of each class, the second from the first other environment in a drawn order."""
    y, pairs = labels(t).ravel(), []
    for k in range(CLASSES):
        rows = np.flatnonzero(y == k)[permutation(stream + 10 * t + k, int((y == k).sum()))]
        other = next(row for row in rows if row // EXAMPLES != rows[0] // EXAMPLES)
        pairs.append([int(rows[0]), int(other)])
    return pairs


def order(stream):
    return each(lambda t: {"order": permutation(stream + t, ENVIRONMENTS)})


MIXUP = each(lambda t: {"order": permutation(400 + t, ENVIRONMENTS), "lambda": uniform(410 + t, ENVIRONMENTS)})
CUTS = [{"cut": cut} for cut in ([3, 5, 2], [0, 4, 7], [1, 0, 0], [6, 6, 6], [7, 1, 4])]
SAGNET = each(
    lambda t: {
        "alpha": uniform(430 + t, ROWS),
        "content_order": permutation(440 + t, ROWS),
        "style_order": permutation(450 + t, ROWS),
        "adversary_order": permutation(460 + t, ROWS),
    }
)
SELFREG = each(
    lambda t: {
        "lambda": uniform(470 + t, 1)[0],
        "first": within_classes(500 + 10 * t, t),
        "second": within_classes(505 + 10 * t, t),
    }
)
DANN = {"lambda": 1.0, "grad_penalty": 0.0, "d_steps_per_g_step": 1, "beta1": 0.5, "lr_g": 1e-3, "lr_d": 1e-3}
PENALISED = {**DANN, "grad_penalty": 1.0, "d_steps_per_g_step": 2}
CAD = {"lmbda": 0.1, "temperature": 0.1}
TRANSFER = {"t_lambda": 1.0, "delta": 2.0, "d_steps_per_g": 10, "lr_d": 1e-3}
RDM = {"rdm_lambda": 5.0, "variance_weight": 0.004, "rdm_penalty_anneal_iters": ANNEAL, "rdm_lr": 1e-3}
EQRM = {"eqrm_quantile": 0.75, "eqrm_burnin_iters": ANNEAL, "eqrm_lr": 1e-3}
TRM = {"cos_lambda": 0.1, "iters": ANNEAL, "groupdro_eta": 0.01}
ADRMX = {"lr": 3e-3, "beta1": 0.5, "d_steps_per_g_step": 2, "cnt_lambda": 1.0, "dclf_lambda": 1.0}
ADRMX |= {"disc_lambda": 0.75, "rmxd_lambda": 1.0}
IRM = {"irm_lambda": 100.0, "irm_penalty_anneal_iters": ANNEAL}
IB = {"ib_lambda": 100.0, "ib_penalty_anneal_iters": ANNEAL}
BIGGER_RATE = "the rate after the anneal is 1e-3, with DomainBed's own nothing would move within 1e-5"
NARROW = "the discriminator is 6 wide"


def case(name, kind, hyper=None, draws=NONE, variant="", note=""):
    return {"name": name, "variant": variant, "note": note, "kind": kind, "hyper": hyper or {}, "draws": draws}


CASES = [
    case("erm", penalties.Erm),
    case(
        "erm_plus_plus",
        modules.ErmPlusPlus,
        {"linear_lr": 5e-5, "linear_steps": 2, "sma_start_iter": 4},
        note="linear_steps 500 and sma_start_iter 600 shortened",
    ),
    case("fish", gradients.Fish, {"meta_lr": 0.5}),
    case("irm", penalties.Irm, IRM),
    case("irm", penalties.IrmSquared, IRM, variant="squared"),
    case("group_dro", penalties.GroupDro, {"groupdro_eta": 0.01}),
    case("mixup", penalties.Mixup, draws=MIXUP),
    case("mldg", gradients.Mldg, {"mldg_beta": 1.0, "n_meta_test": 2}, order(420)),
    case("mldg", gradients.Mldg, {"mldg_beta": 1.0, "n_meta_test": 1}, order(420), variant="one_meta_test"),
    case("coral", matching.Coral, {"mmd_gamma": 1.0}),
    case("mmd", matching.Mmd, {"mmd_gamma": 1.0}),
    case("dann", adversaries.Dann, DANN, note=NARROW),
    case("dann", adversaries.Dann, PENALISED, variant="penalised", note=NARROW),
    case("cdann", adversaries.Cdann, DANN, note=NARROW),
    case("cdann", adversaries.Cdann, PENALISED, variant="penalised", note=NARROW),
    case(
        "mtl",
        modules.Mtl,
        {"mtl_ema": 0.99},
        each(lambda t: {"noise": normal(600 + 2 * t, ENVIRONMENTS, EXAMPLES, FEATURES)}),
        variant="faithful",
    ),
    case("mtl", modules.MtlCorrected, {"mtl_ema": 0.99}, variant="corrected"),
    case("sagnet", adversaries.SagNet, {"sag_w_adv": 0.1}, SAGNET),
    case("arm", modules.Arm, variant="faithful", note="the context net is 3 wide"),
    case("arm", modules.ArmCorrected, variant="corrected", note="the context net is 3 wide"),
    case("arm", modules.ArmVectors, variant="vectors", note="the context net is 5 wide and gives 2 numbers"),
    case("vrex", penalties.Vrex, {"vrex_lambda": 10.0, "vrex_penalty_anneal_iters": ANNEAL}),
    case(
        "rsc",
        penalties.Rsc,
        {"rsc_f_drop_factor": 0.3, "rsc_b_drop_factor": 1 / 3},
        note="with f = 1/3 the percentile of 4 features falls on one of them, and rounding decides on its fate",
    ),
    case("sd", penalties.Sd, {"sd_reg": 0.1}),
    case("and_mask", gradients.AndMask, {"tau": 1.0}),
    case("and_mask", gradients.AndMask, {"tau": 0.3}, variant="lenient"),
    case("sand_mask", gradients.SandMask, {"tau": 1.0, "k": 10.0}, note="these defaults never move a weight"),
    case("sand_mask", gradients.SandMask, {"tau": 0.2, "k": 1e-3}, variant="smooth"),
    case("iga", gradients.Iga, {"penalty": 1000.0}),
    case("self_reg", modules.SelfReg, draws=SELFREG, variant="faithful"),
    case("self_reg", modules.SelfRegCorrected, draws=SELFREG, variant="corrected"),
    case("fishr", penalties.Fishr, {"lambda": 1000.0, "ema": 0.95, "penalty_anneal_iters": ANNEAL}),
    case("trm", modules.Trm, TRM, variant="faithful", note="cos_lambda 0.1 instead of 1e-4, which no test would see"),
    case("trm", modules.TrmCorrected, TRM, variant="corrected", note="cos_lambda 0.1 instead of 1e-4"),
    case("ib_erm", penalties.Ib, IB),
    case("ib_irm", penalties.Ib, {**IRM, **IB}),
    case(
        "ib_irm",
        penalties.Ib,
        {**IRM, "irm_penalty_anneal_iters": 2, **IB, "ib_penalty_anneal_iters": 4},
        variant="two_anneals",
    ),
    case("cad", matching.Cad, CAD),
    case("cond_cad", matching.CondCad, CAD),
    case("transfer", adversaries.Transfer, TRANSFER),
    case(
        "transfer",
        adversaries.Transfer,
        {**TRANSFER, "delta": 0.1, "lr_d": 0.1, "d_steps_per_g": 5},
        variant="projected",
        note="rate and radius such that the adversary is projected",
    ),
    case("transfer", adversaries.TransferGdaFaithful, {**TRANSFER, "gda": True}, variant="gda_faithful"),
    case("transfer", adversaries.TransferGda, {**TRANSFER, "gda": True}, variant="gda_corrected"),
    case("causirl_coral", matching.CausIrlCoral, {"mmd_gamma": 1.0}, CUTS),
    case("causirl_mmd", matching.CausIrlMmd, {"mmd_gamma": 1.0}, CUTS),
    case("eqrm", penalties.Eqrm, EQRM, variant="faithful", note=BIGGER_RATE),
    case("eqrm", penalties.EqrmImplicit, EQRM, variant="corrected", note=BIGGER_RATE),
    case("rdm", matching.Rdm, RDM, note=BIGGER_RATE),
    case(
        "adrmx",
        adversaries.Adrmx,
        ADRMX,
        each(lambda t: {"pairs": positions(700, t)}),
        variant="faithful",
        note="the discriminator is 6 wide and has 3 layers",
    ),
    case(
        "adrmx",
        adversaries.Adrmx,
        ADRMX,
        each(lambda t: {"pairs": alike_apart(700, t)}),
        variant="corrected",
        note="the discriminator is 6 wide and has 3 layers",
    ),
    case(
        "urm",
        adversaries.Urm,
        {"urm_adv_lambda": 0.1, "urm_discriminator_lr": 1e-3, "urm_discriminator_hidden_layers": 1},
        each(lambda t: {"noise": uniform(800 + t, ENVIRONMENTS, EXAMPLES, FEATURES)}),
        note="the discriminator is 6 instead of 100 wide",
    ),
]
