import { formatDuration } from '../core/clock.js';
import { type HeldoutError, HeldoutErrors } from '../core/errors.js';
import { formatBytes } from '../core/numbers/bytes.js';
import { type AddonPackage, buildAndCheck, findBuilt } from './addon/build.js';
import { type Compiler, findCompiler } from './addon/compiler.js';
import { activate, type Installed, readActive, replaceLink } from './addon/install.js';
import { addonPlace, addonState } from './addon/put-back.js';
import { type Choice, chooseVariant, type Wish } from './choose.js';
import { explainCacheError } from './explain.js';
import { fetchLibrary, findFetched, refuseFullDisk } from './library/fetch.js';
import { type Library, readForeignLibrary } from './library/library.js';
import { findPip, type Pip } from './library/pip.js';
import { distributions, type FetchedVariant, release } from './library/release.js';
import { findPlaces, type Places, removeAbandoned } from './places.js';
import { type Driver, findDriver } from './system/driver.js';
import { missingTool } from './system/missing.js';
import { describePlatform, refuseOtherPlatforms } from './system/platform.js';
import { describeTensorFlow, shortenHome } from './words.js';

export interface SetUpRequest {
  readonly wish: Wish;
  readonly addon: AddonPackage;
  /** Takes a line of what was done, when it was done. */
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Gets a TensorFlow, builds and checks the addon, and puts it in use: each of these only where it has not been done
 * before. Throws HeldoutError with nothing half-made left behind; what was in use before stays in use.
 */
export async function setUp(request: SetUpRequest): Promise<void> {
  refuseOtherPlatforms(describePlatform());
  const places = findPlaces();
  try {
    await setUpIn(places, request);
  } catch (error) {
    throw explainCacheError(error, places.folder);
  }
}

async function setUpIn(places: Places, request: SetUpRequest): Promise<void> {
  const { wish, addon, report } = request;
  const active = readActive(places);
  const driver = wish.kind === 'auto' || wish.kind === 'cuda' ? findDriver() : undefined;
  const choice = chooseVariant(wish, active?.tensorflow.variant, driver);
  const warn = () => choice.warning !== undefined && report(`  note       ${choice.warning}`);
  const found =
    choice.variant === 'from'
      ? readForeignLibrary(wish.kind === 'from' ? wish.folder : active!.tensorflow.site)
      : findFetched(places, choice.variant);

  const before = found === undefined ? undefined : findBuilt(places, addon, found);
  if (before !== undefined) {
    const isInUse = active?.folder === before.folder && addonState(addon.folder, before) === 'linked';
    if (!isInUse) putInUse(places, addon, before);
    const done = isInUse ? 'is set up: nothing to do' : 'was built before: put in use, without compiling';
    report(`${describeTensorFlow(before)} ${done}`);
    warn();
    report(`  lies in    ${shortenHome(before.tensorflow.site)}`);
    return;
  }

  const tools = findTools(found === undefined);
  removeAbandoned(places);
  report(describeChoice(choice, found));
  if (choice.warning !== choice.reason) warn();
  const library = found ?? (await fetch(places, choice.variant as FetchedVariant, tools.pip!, request));
  const { install, seconds } = await buildAndCheck(places, addon, library, tools.compiler, request.signal);
  report(
    `  built      the addon of tfjs-node-gpu ${addon.version} in ${formatDuration(seconds.build)} (${tools.compiler.version})`,
  );
  report(
    `  checked    one training step gives the known result, on ${describeDevice(install, driver)} (${formatDuration(seconds.check)})`,
  );
  putInUse(places, addon, install);
  report('  in use     engine.backend=auto takes it from now on');
  report('  next       npm run experiment -- --config ood.yaml');
  report('             npm run experiment -- doctor     what runs where');
  report('             npm run setup -- --remove        removes it again');
}

function describeChoice({ variant, reason }: Choice, found: Library | undefined): string {
  if (variant === 'from')
    return `TensorFlow${found?.version === undefined ? '' : ` ${found.version}`} of ${shortenHome(found?.site ?? '')}`;
  return `TensorFlow ${release.version} for ${variant === 'cuda' ? `CUDA ${release.cuda}` : 'the CPU'} (${reason})`;
}

/** Throws all that is missing at once. */
function findTools(isFetching: boolean): { readonly compiler: Compiler; readonly pip: Pip | undefined } {
  const compiler = findCompiler();
  const pip = isFetching ? findPip() : undefined;
  const missing: HeldoutError[] = [];
  if (compiler === undefined) missing.push(missingTool('compiler'));
  if (isFetching && pip === undefined) missing.push(missingTool('pip'));
  if (compiler === undefined || missing.length > 0) throw new HeldoutErrors(missing);
  return { compiler, pip };
}

async function fetch(
  places: Places,
  variant: FetchedVariant,
  pip: Pip,
  { report, signal }: SetUpRequest,
): Promise<Library> {
  refuseFullDisk(places, variant);
  const { name, downloadBytes } = distributions[variant];
  report(
    `  fetching   ${name} ${release.version}, about ${formatBytes(downloadBytes)}, with pip ${pip.version}`,
  );
  const { library, downloaded, unpacked } = await fetchLibrary(places, variant, pip, signal);
  report(`  fetched    ${formatBytes(downloaded.bytes)} in ${formatDuration(downloaded.seconds)}`);
  report(
    `  unpacked   ${formatBytes(unpacked.bytes)} in ${formatDuration(unpacked.seconds)} to ${shortenHome(library.site)}`,
  );
  return library;
}

function putInUse(places: Places, addon: AddonPackage, install: Installed): void {
  activate(places, install);
  replaceLink(addonPlace(addon.folder), install.addon);
}

function describeDevice({ checkedOn, tensorflow }: Installed, driver: Driver | undefined): string {
  if (checkedOn === 'gpu') return driver?.gpus[0] ?? 'a GPU';
  return tensorflow.variant === 'cuda' ? 'the CPU: TensorFlow finds no GPU it can use' : 'the CPU';
}
