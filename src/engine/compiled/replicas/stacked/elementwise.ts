import { DataType } from '../../../backends/tensorflow-backend.js';
import { typeAttribute } from '../../graph/graph.js';
import { type Builder, type Call, ownShape, type Rule, type Value } from './builder.js';

/** Ops whose inputs broadcast, and those of one input. */
const broadcasting: Rule = ({ op, attributes, inputs, outputs: [out] }, graph) => {
  const aligned = inputs.map((input) => graph.align(input, out!.shape.length));
  return graph.add(op, attributes, aligned, stackedOutputs([out!], graph));
};

/** Ops whose inputs have one shape. */
export const uniform: Rule = ({ op, attributes, inputs, outputs }, graph) =>
  graph.add(
    op,
    attributes,
    inputs.map((input) => graph.spread(input)),
    stackedOutputs(outputs, graph),
  );

/** The old `Select` chooses whole rows by a vector; `SelectV2` broadcasts. */
const select: Rule = ({ attributes, inputs: [condition, a, b], outputs: [out] }, graph) => {
  const own = ownShape(condition!);
  const rank = out!.shape.length;
  const rows = own.length === 1 && rank > 1;
  const shape = rows ? [...own, ...Array<number>(rank - 1).fill(1)] : own;
  const chosen = rows
    ? graph.reshape(condition!, condition!.stacked ? [graph.size, ...shape] : shape, condition!.stacked)
    : condition!;
  const aligned = [chosen, a!, b!].map((input) => graph.align(input, rank));
  return graph.add('SelectV2', attributes, aligned, stackedOutputs([out!], graph));
};

/** What depends on the shape alone is the same for all replicas. */
const constant =
  (value: number): Rule =>
  ({ outputs: [out] }, graph) => {
    const types = [typeAttribute('T', out!.type), typeAttribute('index_type', DataType.int32)];
    const cast = [typeAttribute('SrcT', DataType.float32), typeAttribute('DstT', out!.type)];
    const [number] = graph.add(
      'Cast',
      cast,
      [graph.filled([], value)],
      [{ type: out!.type, shape: [] }],
      false,
    );
    return graph.add('Fill', types, [graph.integers(out!.shape), number!], [out!], false);
  };

export function stackedOutputs(outputs: Call['outputs'], graph: Builder): Pick<Value, 'type' | 'shape'>[] {
  return outputs.map(({ type, shape }) => ({ type, shape: [graph.size, ...shape] }));
}

const broadcastingOps = `
  Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil Cos Cosh Elu Erf Erfc Exp Expm1 Floor Identity Inv IsFinite IsInf
  IsNan LeakyRelu Log Log1p LogicalNot Neg Reciprocal Relu Relu6 Rint Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus
  Softsign Sqrt Square StopGradient Tan Tanh
  Add AddV2 Atan2 Div DivNoNan Equal FloorDiv FloorMod Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr
  Maximum Minimum Mod Mul MulNoNan NotEqual Pow RealDiv SelectV2 SquaredDifference Sub TruncateDiv Xdivy Xlogy`;
const uniformOps = `
  AddN EluGrad LeakyReluGrad ReciprocalGrad Relu6Grad ReluGrad RsqrtGrad SeluGrad SigmoidGrad SoftplusGrad
  SoftsignGrad SqrtGrad TanhGrad`;

export const elementwise: Readonly<Record<string, Rule>> = {
  ...forAll(broadcastingOps, broadcasting),
  ...forAll(uniformOps, uniform),
  Select: select,
  ZerosLike: constant(0),
  OnesLike: constant(1),
};

/** One rule for ops whose names are given in one text. */
export function forAll(names: string, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, rule]),
  );
}
