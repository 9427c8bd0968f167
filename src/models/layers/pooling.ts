export { averagePool, globalAveragePool, maxPool } from '../../engine/ops/pooling.js';
