import type { STEP_OBJECTIVES } from '../../config/schema/sections/objective-steps.js';

/** Names of the objectives that make updates of their own, or train networks of their own. */
export type StepName = keyof typeof STEP_OBJECTIVES;
