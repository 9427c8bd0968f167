/** DomainBed's algorithms in the order of its tables (domainbed/algorithms.py at b93c22a). */
export const algorithms: readonly string[] = [
  ...[
    'ERM',
    'ERMPlusPlus',
    'Fish',
    'IRM',
    'GroupDRO',
    'Mixup',
    'MLDG',
    'CORAL',
    'MMD',
    'DANN',
    'CDANN',
    'MTL',
  ],
  ...[
    'SagNet',
    'ARM',
    'VREx',
    'RSC',
    'SD',
    'ANDMask',
    'SANDMask',
    'IGA',
    'SelfReg',
    'Fishr',
    'TRM',
    'IB_ERM',
  ],
  ...['IB_IRM', 'CAD', 'CondCAD', 'Transfer', 'CausIRL_CORAL', 'CausIRL_MMD', 'EQRM', 'RDM', 'ADRMX', 'URM'],
];

export interface DomainBedDataset {
  readonly name: string;
  /** Names of the environments by their index, as the columns of tables have them. */
  readonly environments: readonly string[];
  /** Images of 28 x 28 pixels, for which the hyper-parameters are others. */
  readonly small: boolean;
}

/** DomainBed's datasets in the order of its tables (domainbed/datasets.py at b93c22a). */
export const datasets: readonly DomainBedDataset[] = [
  dataset('Debug28', ['0', '1', '2'], true),
  dataset('Debug224', ['0', '1', '2']),
  dataset('ColoredMNIST', ['+90%', '+80%', '-90%'], true),
  dataset('RotatedMNIST', ['0', '15', '30', '45', '60', '75'], true),
  dataset('VLCS', ['C', 'L', 'S', 'V']),
  dataset('PACS', ['A', 'C', 'P', 'S']),
  dataset('OfficeHome', ['A', 'C', 'P', 'R']),
  dataset('TerraIncognita', ['L100', 'L38', 'L43', 'L46']),
  dataset('DomainNet', ['clip', 'info', 'paint', 'quick', 'real', 'sketch']),
  dataset('SVIRO', [
    ...['aclass', 'escape', 'hilux', 'i3', 'lexus', 'tesla', 'tiguan', 'tucson', 'x5', 'zoe'],
  ]),
  dataset(
    'WILDSCamelyon',
    [0, 1, 2, 3, 4].map((index) => `hospital_${index}`),
  ),
  dataset(
    'WILDSFMoW',
    [0, 1, 2, 3, 4, 5].map((index) => `region_${index}`),
  ),
  ...['O2O_easy', 'O2O_medium', 'O2O_hard', 'M2M_easy', 'M2M_medium', 'M2M_hard'].map((kind) =>
    dataset(`Spawrious${kind}`, ['Test', 'SC_group_1', 'SC_group_2']),
  ),
];

export function findDataset(name: string): DomainBedDataset | undefined {
  return datasets.find((each) => each.name === name);
}

function dataset(name: string, environments: readonly string[], small = false): DomainBedDataset {
  return { name, environments, small };
}

/** Whether a dataset has small images; one that is not DomainBed's has not. */
export function isSmall(name: string): boolean {
  return findDataset(name)?.small ?? false;
}

/** DomainBed's name of a dataset that a config names (`colored_mnist`): its own where DomainBed has none. */
export function findByConfigName(name: string): string {
  const plain = name.replaceAll('_', '');
  return datasets.find((each) => each.name.toLowerCase() === plain)?.name ?? name;
}
