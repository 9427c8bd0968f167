/** What a model costs, by the names of the metrics that tables show it under. */
export const costMetrics = {
  parameters: 'parameters',
  /** Millions for one more example. */
  multiplyAdds: 'multiply_adds',
  /** Milliseconds of a training step. */
  stepTime: 'step_time',
} as const;
