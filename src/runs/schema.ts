/** Version of what a run folder holds and of what its identity is made of. */
export const RUN_SCHEMA = 1;
