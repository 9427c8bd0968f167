import type { Row } from '../row.js';
import { benchResidentSteps } from './resident.js';
import { benchTensorFlowSteps } from './tensorflow.js';
import { benchWasmSteps } from './wasm.js';

/** Training steps on both tiers. This process runs the wasm tier; TensorFlow and PyTorch run in their own. */
export async function benchSteps(): Promise<Row[]> {
  const say = (text: string) => process.stderr.write(`measuring ${text}\n`);
  const onTensorFlow = await benchTensorFlowSteps(say);
  const resident = await benchResidentSteps(say);
  say('steps on wasm');
  return [...onTensorFlow, ...resident, ...(await benchWasmSteps())];
}
