import { HeldoutError } from '../core/errors.js';
import type { VariableTable } from '../variables/variable.js';
import { checkDomains } from './rules/check-domains.js';
import { compositionShare } from './rules/composition.js';
import {
  type FactorConfig,
  isDomains,
  isStatement,
  isStratified,
  type SplitConfig,
  splitVariables,
} from './rules/rule.js';
import { checkStatements } from './rules/statement.js';
import { checkStrata } from './rules/stratified.js';
import type { ExampleSets } from './split.js';

/** Refuses a config that no rule can follow. */
export function checkSplitConfig(table: VariableTable, config: SplitConfig): void {
  if (isStatement(config)) checkStatements(table.variables, config);
  else if (isStratified(config)) checkStrata(table, config);
  else if (isDomains(config)) checkDomains(table, config);
  else checkFactors(table, config);
}

function checkFactors(table: VariableTable, config: FactorConfig): void {
  const names = table.variables.map((variable) => variable.name);
  for (const name of config.fixed) {
    if (names.includes(name)) continue;
    refuse('split.fixed', `there is no variable '${name}' to keep whole`, [
      `the variables are ${names.join(', ')}`,
    ]);
  }
  if (splitVariables(table, config).length === 0) {
    refuse('split.fixed', 'every variable is kept whole, so nothing is left to split', [
      `split.fixed=[${names.length > 1 ? names[0] : ''}]`,
    ]);
  }
  checkShare('split.share', config.share);
  if (typeof config.composition_share === 'number') {
    checkShare('split.composition_share', config.composition_share);
  }
  const seed = config.seed ?? 0;
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff)) {
    refuse('split.seed', `a seed of numpy's generator is an integer in 0 .. 2^32 - 1, not ${seed}`, [
      'split.seed=0',
    ]);
  }
}

function checkShare(place: string, share: number): void {
  if (!(share > 0 && share < 1))
    refuse(place, `a share is above 0 and below 1, not ${share}`, [`${place}=0.2`]);
}

/** Refuses a split with an empty set and says which key would fill it. */
export function checkDivision(table: VariableTable, config: SplitConfig, sets: ExampleSets): void {
  const empty = Object.keys(sets).find((name) => sets[name]!.length === 0);
  if (empty === undefined) return;
  if (isStatement(config)) {
    refuse(`split.sets.${empty}`, `no example is left for ${empty}`, [
      'say less of it',
      `~split.sets.${empty}`,
    ]);
  }
  if (isStratified(config)) {
    refuse(
      `split.shares.${empty}`,
      `a share of ${config.shares[empty]} of every stratum is no example for ${empty}`,
      [`split.shares.${empty}=0.2`, 'split.by=[]  draws without strata'],
    );
  }
  if (isDomains(config)) {
    refuse('split.holdout', `the domains split leaves no example for ${empty}`, [
      'split.holdout=0.2',
      ...(config.parts === false ? [] : ['split.parts=false  cuts every environment at random']),
    ]);
  }
  const variables = splitVariables(table, config);
  const message = `the ${config.rule} split leaves no example for ${empty}`;
  if (config.rule === 'composition') {
    const share = compositionShare(config, variables.length);
    const most = Math.max(...variables.map((variable) => variable.levels.length));
    const low = `with a share of ${share.toFixed(4)}`;
    if (empty === 'train') {
      const enough = (Math.ceil(1000 / most) / 1000).toString();
      refuse('split.composition_share', `${message}: ${low}, no variable has a low level`, [
        `split.composition_share=${enough}`,
        'keep more levels of a variable in dataset.levels',
      ]);
    }
    refuse('split.composition_share', `${message}: ${low}, a variable has low levels only`, [
      'split.composition_share=0.2',
    ]);
  }
  const whole = variables.filter(({ levels }) => Math.ceil(levels.length * config.share) >= levels.length);
  const names = whole.map((variable) => variable.name);
  refuse(
    'split.share',
    `${message}: a share of ${config.share} holds out every level of ${names.join(', ')}`,
    [
      ...(whole.every((variable) => variable.levels.length > 1) ? ['split.share=0.2'] : []),
      ...(whole.length < variables.length ? [`split.fixed=[${[...config.fixed, ...names].join(',')}]`] : []),
      'keep more levels in dataset.levels',
    ],
  );
}

function refuse(place: string, message: string, hints: readonly string[]): never {
  throw new HeldoutError({ code: 'E_SPLIT', message, place, hints });
}
