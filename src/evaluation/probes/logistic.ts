import { createLink, type Link } from './link.js';
import { type Matrix, multiply, multiplyTransposed } from './matrix.js';
import { type Descent, dot, type Minimum, minimize } from './minimize.js';
import { createPrecondition } from './precondition.js';

/** Steps after which the curvature is estimated anew, where they have not been enough. */
const roundLength = 20;

/** Examples to learn from. */
export interface Examples {
  /** `[examples, columns]`, standardised: the penalty treats all columns alike. */
  readonly features: Matrix;
  /** Class of every example, from 0 on. */
  readonly labels: ArrayLike<number>;
  /** How many classes there are; every one of them has an example of positive weight. */
  readonly classes: number;
  /** What each example counts for, at least 0; all alike unless told. */
  readonly weights?: ArrayLike<number>;
}

/** A linear classifier: margins are features · coefficientsᵀ + biases. */
export interface LinearClassifier {
  /** `[outputs, columns]`: one output for two classes (class 1 where its margin is above 0), else one for each class. */
  readonly coefficients: Float64Array;
  readonly biases: Float64Array;
}

export interface FittedLogistic extends LinearClassifier, Minimum {
  readonly l2: number;
  /** Weighted mean cross-entropy in nats, with the penalty. */
  readonly loss: number;
}

export interface FitOptions {
  /** Strength of the penalty, above 0. */
  readonly l2: number;
  /** Of the gradient's Euclidean norm. */
  readonly tolerance?: number;
  readonly mostIterations?: number;
  /** Where to begin; at zero unless told. */
  readonly start?: LinearClassifier;
}

/**
 * Minimises Σ wᵢ · crossEntropyᵢ / Σ wᵢ + l2/2 · ‖coefficients‖², biases not penalised, by preconditioned L-BFGS in
 * double precision, until the gradient's norm is within the tolerance (scikit-learn's C is 1 / (l2 · Σ wᵢ)). A step
 * reads the features twice: a direction's margins are computed once, and serve every distance along it. Throws
 * RangeError where a class has no weight, since its bias would be infinite.
 */
export function fitLogistic(examples: Examples, options: FitOptions): FittedLogistic {
  const { features, labels, classes } = examples;
  const { l2, tolerance = 1e-8, mostIterations = 500, start } = options;
  if (!(l2 > 0)) throw new RangeError(`the strength of the penalty is above 0, not ${l2}`);
  const shares = shareWeights(examples);
  const link = createLink(labels, classes, shares);
  const position = new Float64Array(link.outputs * (features.columns + 1));
  if (start !== undefined) {
    position.set(start.coefficients);
    position.set(start.biases, start.coefficients.length);
  }
  const descent = createDescent(features, link, position, l2);
  let minimum: Minimum = { gradientNorm: Number.POSITIVE_INFINITY, iterations: 0, converged: false };
  while (!minimum.converged && minimum.iterations < mostIterations) {
    const { iterations } = minimum;
    const precondition = createPrecondition(features, link, shares, descent.margins, l2);
    const most = Math.min(roundLength, mostIterations - iterations);
    const round = minimize(descent, precondition, { tolerance, mostIterations: most });
    minimum = { ...round, iterations: iterations + round.iterations };
    // Rounding leaves nothing to gain.
    if (!round.converged && round.iterations < most) break;
  }
  const biases = position.length - link.outputs;
  return {
    ...minimum,
    coefficients: position.slice(0, biases),
    biases: position.slice(biases),
    l2,
    loss: descent.value(),
  };
}

/** Margins `[examples, outputs]` of a classifier. */
export function margins(features: Matrix, { coefficients, biases }: LinearClassifier): Float64Array {
  const out = new Float64Array(features.rows * biases.length);
  applyLinear(features, coefficients, biases, out);
  return out;
}

function shareWeights({ features, labels, classes, weights }: Examples): Float64Array {
  const shares = new Float64Array(features.rows).fill(1);
  if (weights !== undefined) shares.set(weights);
  const perClass = new Float64Array(classes);
  for (let row = 0; row < shares.length; row++) {
    if (!(shares[row]! >= 0)) throw new RangeError(`example ${row} has the weight ${shares[row]}`);
    perClass[labels[row]!]! += shares[row]!;
  }
  const absent = perClass.findIndex((weight) => !(weight > 0));
  if (absent >= 0) throw new RangeError(`no example of class ${absent} has any weight`);
  const total = perClass.reduce((sum, weight) => sum + weight, 0);
  for (let row = 0; row < shares.length; row++) shares[row]! /= total;
  return shares;
}

function applyLinear(x: Matrix, coefficients: Float64Array, biases: Float64Array, out: Float64Array): void {
  multiply(x, coefficients, out);
  const outputs = biases.length;
  for (let at = 0; at < out.length; at++) out[at]! += biases[at % outputs]!;
}

/** The penalised loss from a position `[coefficients, biases]`, which it moves. */
function createDescent(
  x: Matrix,
  link: Link,
  position: Float64Array,
  l2: number,
): Descent & { readonly margins: Float64Array } {
  const size = x.rows * link.outputs;
  const cut = position.length - link.outputs;
  const [here, along, there, residuals] = Array.from({ length: 4 }, () => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const gradient = new Float64Array(position.length);
  let direction = position;
  let [square, product, directionSquare] = [0, 0, 0];
  const penalty = (distance: number) =>
    (l2 / 2) * (square + distance * (2 * product + distance * directionSquare));
  const penalized = (of: Float64Array) => of.subarray(0, cut);
  const measure = () => {
    multiplyTransposed(x, residuals, gradient.subarray(0, cut));
    gradient.fill(0, cut);
    for (let at = 0; at < size; at++) gradient[cut + (at % link.outputs)]! += residuals[at]!;
    for (let at = 0; at < cut; at++) gradient[at]! += l2 * position[at]!;
    square = dot(penalized(position), penalized(position));
    value = loss + (l2 / 2) * square;
  };
  applyLinear(x, penalized(position), position.subarray(cut), here);
  let loss = link.evaluate(here, residuals);
  let value = 0;
  measure();
  return {
    margins: here,
    gradient,
    value: () => value,
    aim(to) {
      direction = to;
      applyLinear(x, penalized(direction), direction.subarray(cut), along);
      product = dot(penalized(position), penalized(direction));
      directionSquare = dot(penalized(direction), penalized(direction));
      return (distance) => {
        for (let at = 0; at < size; at++) there[at] = here[at]! + distance * along[at]!;
        loss = link.evaluate(there, residuals);
        const slope = dot(residuals, along) + l2 * (product + distance * directionSquare);
        return { value: loss + penalty(distance), slope };
      };
    },
    move(distance) {
      for (let at = 0; at < position.length; at++) position[at]! += distance * direction[at]!;
      here.set(there);
      measure();
    },
  };
}
