import { groupBy } from '../../records.js';
import { meanOfAltered } from '../altered.js';
import { groupNetworks, listFactors, type TransferRecord } from '../records.js';

/** A group of networks on the spokes of a radar. */
export interface RadarPanel {
  readonly title: string;
  readonly spokes: readonly string[];
  /** One polygon per level of the second factor: a value from 0 to 1 per spoke, 1 is best. */
  readonly polygons: readonly { readonly level: string; readonly values: readonly number[] }[];
}

export interface Radar {
  readonly panels: readonly RadarPanel[];
  /** Levels that have a polygon. */
  readonly levels: readonly string[];
  /** The factor of the polygons; undefined for one polygon per panel. */
  readonly by: string | undefined;
}

const mostPanels = 9;
const mostPolygons = 6;
const fewestSpokes = 3;

/** Means over networks, OOD metrics first over the OOD sets of each; NaN where some lack it. */
const spokes: Readonly<Record<string, (own: readonly TransferRecord[]) => number>> = {
  accuracy: (own) => own[0]!.idMetrics.accuracy!,
  'OOD accuracy': (own) => mean(own.map(({ oodMetrics }) => oodMetrics.accuracy!)),
  corrupted: (own) => meanOfAltered(own[0]!.idMetrics, 'corrupted'),
  'OOD corrupted': (own) => mean(own.map(({ oodMetrics }) => meanOfAltered(oodMetrics, 'corrupted'))),
  attacked: (own) => meanOfAltered(own[0]!.idMetrics, 'attacked'),
  'OOD attacked': (own) => mean(own.map(({ oodMetrics }) => meanOfAltered(oodMetrics, 'attacked'))),
  '1 − ECE': (own) => 1 - (own[0]!.idMetrics.ece ?? Number.NaN),
  'OOD 1 − ECE': (own) => 1 - mean(own.map(({ oodMetrics }) => oodMetrics.ece ?? Number.NaN)),
};
const size = '1 − size';

/**
 * The radars of the assay's own documentation: a panel per architecture (the factor `arch`, else the first factor of few
 * levels, else one per network of the best), a polygon per level of `by` (else of `shot`). Spokes that some networks lack
 * are left out; the size is a factor `params` or `parameters`, by the largest. Undefined for fewer than three spokes.
 */
export function chooseRadar(records: readonly TransferRecord[], wanted?: string): Radar | undefined {
  const factors = listFactors(records);
  const levelsOf = (name: string) => [...new Set(records.map((record) => record.factors[name] ?? ''))];
  const fits = (name: string, most: number) => levelsOf(name).length > 1 && levelsOf(name).length <= most;
  const by = [wanted, 'shot', 'shots'].find(
    (name) => name !== undefined && factors.includes(name) && fits(name, mostPolygons),
  );
  const numeric = ['params', 'parameters'].find((name) => factors.includes(name));
  const panelFactor = ['arch', 'architecture', ...factors].find(
    (name) => factors.includes(name) && name !== by && name !== numeric && fits(name, mostPanels),
  );
  const networks = groupNetworks(records);
  const parameters = (own: readonly TransferRecord[]) => Number(own[0]!.factors[numeric ?? ''] || Number.NaN);
  const most = Math.max(...networks.map(parameters));
  const all = { ...spokes, [size]: (own: readonly TransferRecord[]) => 1 - parameters(own) / most };
  const known = Object.entries(all).filter(([, of]) => networks.every((own) => Number.isFinite(of(own))));
  if (known.length < fewestSpokes) return undefined;
  const nameOf = (own: readonly TransferRecord[]) =>
    panelFactor === undefined ? own[0]!.network : (own[0]!.factors[panelFactor] ?? '');
  const groups = [...groupBy(networks, nameOf)].map(([title, own]) => ({ title, own }));
  const shown =
    panelFactor === undefined
      ? groups.sort((a, b) => b.own[0]![0]!.idMetrics.accuracy! - a.own[0]![0]!.idMetrics.accuracy!)
      : groups;
  const levels = by === undefined ? [''] : levelsOf(by);
  return {
    by,
    levels,
    panels: shown.slice(0, mostPanels).map(({ title, own }) => ({
      title: panelFactor === undefined ? title : `${panelFactor} ${title || '(none)'}`,
      spokes: known.map(([name]) => name),
      polygons: levels.flatMap((level) => {
        const members = own.filter((one) => by === undefined || (one[0]!.factors[by] ?? '') === level);
        if (members.length === 0) return [];
        return [{ level, values: known.map(([, of]) => mean(members.map(of))) }];
      }),
    })),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
