export { gelu } from '../../engine/ops/gelu.js';
