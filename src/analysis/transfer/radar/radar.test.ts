import { describe, expect, it } from 'vitest';
import { record } from '../testing/planted.js';
import { chooseRadar } from './radar.js';

const make = (arch: string, shot: string, accuracy: number, changes: Readonly<Record<string, number>> = {}) =>
  ['b', 'c'].map((ood, at) =>
    record(`${arch}-${shot}`, accuracy, 0, {
      ood,
      factors: { arch, shot, params: arch === 'vit' ? '40' : '10' },
      idMetrics: { accuracy, ece: 0.1, 'accuracy@fog-1': 0.4, 'accuracy@fog-2': 0.2, ...changes },
      oodMetrics: { accuracy: 0.2 + at / 10, ece: 0.3 },
    }),
  );

describe('a radar', () => {
  const records = [make('vit', '10', 0.5), make('vit', 'all', 0.9), make('mlp', '10', 0.4)].flat();

  it('has a panel per architecture, a polygon per shot, and the spokes that all networks have', () => {
    const radar = chooseRadar(records)!;
    expect(radar.by).toBe('shot');
    expect(radar.levels).toEqual(['10', 'all']);
    expect(radar.panels.map(({ title }) => title)).toEqual(['arch vit', 'arch mlp']);
    expect(radar.panels[0]!.spokes).toEqual([
      ...['accuracy', 'OOD accuracy', 'corrupted', '1 − ECE', 'OOD 1 − ECE', '1 − size'],
    ]);
    const [vit, mlp] = radar.panels;
    const values = [0.9, 0.25, 0.3, 0.9, 0.7, 0].map((value) => expect.closeTo(value, 12));
    expect(vit!.polygons[1]).toEqual({ level: 'all', values });
    expect(mlp!.polygons.map(({ level }) => level)).toEqual(['10']);
    expect(mlp!.polygons[0]!.values.at(-1)).toBe(0.75);
  });

  it('tells attacked copies from corrupted ones', () => {
    const attacked = { 'accuracy@apgd-dlr-linf-2/255': 0.1 };
    const own = make('vit', '10', 0.5, attacked).map((one) => ({
      ...one,
      oodMetrics: { ...one.oodMetrics, ...attacked },
    }));
    const [panel] = chooseRadar(own)!.panels;
    const onSpoke = (spoke: string) => panel!.polygons[0]!.values[panel!.spokes.indexOf(spoke)];
    expect(panel!.spokes).not.toContain('OOD corrupted');
    expect(onSpoke('corrupted')).toBeCloseTo(0.3, 12);
    expect([onSpoke('attacked'), onSpoke('OOD attacked')]).toEqual([0.1, 0.1]);
  });

  it('needs three spokes', () => {
    expect(chooseRadar([record('n', 0.5, 0.4)])).toBeUndefined();
  });
});
