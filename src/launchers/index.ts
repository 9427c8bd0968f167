import type { Launcher } from './launcher.js';
import { launchLocal } from './local.js';

/** Every launcher, by the name that `launcher.name` has in a config. */
export const launchers = { local: launchLocal } as const satisfies Record<string, Launcher>;

export type LauncherName = keyof typeof launchers;
