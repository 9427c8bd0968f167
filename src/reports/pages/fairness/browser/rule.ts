import { byId, element } from '../../browser/dom.js';
import type { PageDecisions, PageRule } from '../page-data.js';
import { describeInterval, formatInterval, formatNumber, formatShare } from './numbers.js';
import { fillTable } from './tables.js';
import { hasTwoHeads, type View } from './view.js';

/** The rule f + b g + c > 0 in words, and its coefficients for every seed. */
export function showRule(view: View): void {
  const { data, way, decided, at } = view;
  const rule = decided?.rule ?? null;
  const { seed } = data.seeds[at]!;
  if (rule === null) {
    const why = hasTwoHeads(view)
      ? `For seed ${seed} no sum of both heads keeps to ${way.setting} on validation.`
      : `For seed ${seed} there is no rule of two heads that this net could be read by.`;
    byId('rule').replaceChildren(element('p', {}, why));
    return;
  }
  byId('rule').replaceChildren(
    ...(hasTwoHeads(view) ? [] : introduceLine(view, rule)),
    element('p', { class: 'formula' }, `Decide “${data.levels[1]}” if ${formatRule(rule)} > 0`),
    element('p', {}, explainHeads(view)),
    element('p', {}, explainCoefficients(view, rule)),
    element('p', {}, explainThresholds(view, rule)),
    ...(hasTwoHeads(view) ? [explainMerge(view)] : []),
    element('div', { class: 'wide' }, listCoefficients(view)),
    element(
      'p',
      { class: 'note' },
      `Bold: the seed chosen above. Neutral g is −c/b: there the rule asks for f > 0. Thresholds on f are those at the group’s mean of g on validation. ${hasTwoHeads(view) ? '' : 'Agrees: share of test people about whom the line decides as the net; accuracy and DDP are the net’s own.'}`,
    ),
  );
}

function explainMerge({ data, way }: View): HTMLElement {
  return element(
    'p',
    { class: 'note' },
    'In the network the rule is one head again, of the same architecture: its row is w_f + b·w_g and its bias that of f + b times that of g + c. Nobody’s group is asked for when it decides. ',
    element('code', {}, `npm run experiment -- merge ${data.study} within=${way.value}`),
    ' writes such networks.',
  );
}

/** `f − 2.41·g + 1.60`. */
function formatRule({ b, c }: PageRule): string {
  const term = (value: number, of: string) => `${value < 0 ? '−' : '+'} ${Math.abs(value).toFixed(2)}${of}`;
  return `f ${term(b, '·g')} ${term(c, '')}`;
}

function introduceLine({ data, way, at }: View, { agreement }: PageRule): HTMLElement[] {
  const { agreement: all } = way;
  const others =
    all === null
      ? ''
      : ` Over seeds: ${formatInterval(all.bothHeads)}; ${[
          all.retrained === null
            ? ''
            : `another regularised net of this λ agrees with it in ${formatInterval(all.retrained)}`,
          `f alone, with its best threshold, in ${formatInterval(all.offset)}`,
          all.control === null
            ? ''
            : `with a head that learned shuffled groups (a control) ${formatInterval(all.control)}`,
        ]
          .filter(Boolean)
          .join(', ')} (${describeInterval(all.bothHeads[1] === null ? 1 : data.seeds.length)}).`;
  return [
    element(
      'p',
      {},
      `A regularised net has no second head. But what it decides can be put in terms of the two heads of a net that was trained on the same people without any fairness: this line through f and g decides as it does about ${formatShare(agreement)} of the test people of seed ${data.seeds[at]!.seed}.${others}`,
    ),
  ];
}

function explainHeads({ data }: View): string {
  const [zero, one] = data.groups;
  const g =
    data.head === 'number'
      ? `g is what the second head gives; it was trained to be 0 for ${zero} and 1 for ${one}`
      : `g is what the second head gives: the log-odds of ${one}, above 0 where it takes somebody for ${one}`;
  return `f is what the first head gives: the log-odds of “${data.levels[1]}”. ${g}, from the same inputs.`;
}

function explainCoefficients({ data }: View, { b, c }: PageRule): string {
  const [zero, one] = data.groups;
  if (Math.abs(b) < 0.005) return 'The second head has no weight: this limit is kept to without it.';
  const [more, less] = b < 0 ? [one, zero] : [zero, one];
  const neutral = -c / b;
  const by = Math.abs(b);
  const steps =
    data.head === 'number'
      ? `A person whose g says ${more} (about ${more === one ? 1 : 0}) needs an f that is higher by ${by.toFixed(2)} than one whose g says ${less} (about ${less === one ? 1 : 0}): ${formatTimes(Math.exp(by))} the odds.`
      : `For every unit that g says more of ${more}, f has to be higher by ${by.toFixed(2)}: ${formatTimes(Math.exp(by))} the odds.`;
  return `${steps} At g = ${formatNumber(neutral, 2)} the rule is f > 0, as without it; for g ${b < 0 ? 'above' : 'below'} that it asks for more, on the other side for less.`;
}

function formatTimes(times: number): string {
  return times >= 100 ? 'over 100 times' : `${times.toFixed(1)} times`;
}

function explainThresholds({ data }: View, { b, means, thresholds }: PageRule): string {
  const [zero, one] = data.groups;
  const describe = (group: 0 | 1) =>
    `${formatNumber(thresholds[group], 2)} (a predicted probability of ${sigmoid(thresholds[group]).toFixed(2)})`;
  return `On validation g is ${formatNumber(means[1], 2)} on average among ${one} and ${formatNumber(means[0], 2)} among ${zero}. Where everybody had the mean of their group, the rule would be two thresholds on f: t1′ = ${describe(1)} for ${one}, t0′ = ${describe(0)} for ${zero}. Back from thresholds to the rule: b = (t0′ − t1′) / (g1 − g0) = ${formatNumber(b, 2)}, c = −t0′ − b·g0. Real g is graded: the rule treats people by how much they look like a group to the net.`;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function listCoefficients(view: View): HTMLElement {
  const { data, way, at } = view;
  const isLine = !hasTwoHeads(view);
  const [zero, one] = data.groups;
  const table = element('table', { id: 'coefficients' });
  const cellsOf = ({ rule, validation, test }: PageDecisions) => [
    ...(rule === null
      ? Array<string>(5).fill('')
      : [rule.b, rule.c, -rule.c / rule.b, ...rule.thresholds].map((value) =>
          Number.isFinite(value) ? formatNumber(value, 2) : '',
        )),
    ...(isLine ? [rule === null ? '' : formatShare(rule.agreement)] : []),
    { text: formatNumber(validation.accuracy), split: true },
    formatNumber(validation.ddp),
    { text: formatNumber(test.accuracy), split: true },
    formatNumber(test.ddp),
  ];
  const rows = way.seeds.map((decided, place) => ({
    own: place === at,
    cells: [
      data.seeds[place]!.seed,
      ...(decided === null ? ['none', ...Array<string>(isLine ? 9 : 8).fill('')] : cellsOf(decided)),
    ],
  }));
  fillTable(
    table,
    [
      ...['seed', 'b', 'c', 'neutral g', `t0′ (${zero})`, `t1′ (${one})`],
      ...(isLine ? ['agrees'] : []),
      { text: 'accuracy, validation', split: true },
      'DDP, validation',
      { text: 'accuracy, test', split: true },
      'DDP, test',
    ],
    rows,
  );
  return table;
}
