/** A published file, and where it goes. */
export interface PublishedFile {
  /** Below the data folder. */
  readonly path: string;
  readonly address: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Other files that serve as well, by their SHA-256. */
  readonly alike?: Readonly<Record<string, string>>;
}

export interface Published {
  readonly dataset: string;
  /** Who may use it, as far as that is known. */
  readonly terms: string;
  readonly files: readonly PublishedFile[];
}

/** A dataset whose published form has to be turned into another, or for which one has to register. */
export interface ByHand {
  readonly dataset: string;
  readonly address: string;
  readonly how: string;
}

const uci = 'https://archive.ics.uci.edu/ml/machine-learning-databases/adult';

/** Checksums are those of the files as they are published, which others have found alike, too. */
export const publishedDatasets: readonly Published[] = [
  {
    dataset: 'adult',
    terms: 'CC BY 4.0, UCI Machine Learning Repository',
    files: [
      {
        path: 'adult/adult.data',
        address: `${uci}/adult.data`,
        bytes: 3_974_305,
        sha256: '5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d',
      },
      {
        path: 'adult/adult.test',
        address: `${uci}/adult.test`,
        bytes: 2_003_153,
        sha256: 'a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05',
        alike: {
          '02b8dc83fcafc6e5b02946ca059daafac800caaaba1ebf839e6dddb0df70f94a':
            'a copy without comment line and dots',
        },
      },
    ],
  },
  {
    dataset: 'compas',
    terms: 'ProPublica states no licence; names people and birth dates, which are dropped when it is read',
    files: [
      {
        path: 'compas/compas-scores-two-years.csv',
        address:
          'https://raw.githubusercontent.com/propublica/compas-analysis/bafff5da3f2e45eca6c2d5055faad269defd135a/compas-scores-two-years.csv',
        bytes: 2_546_489,
        sha256: 'c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d',
        alike: {
          bfd1744170e070a1271d6ec13bfa6736ee0b3dad075125a76e434a8153a15bb5:
            'a copy without names and birth dates',
        },
      },
    ],
  },
  {
    dataset: 'mnist',
    terms: 'CC BY-SA 3.0, LeCun, Cortes and Burges',
    files: idxFiles('mnist', 'https://ossci-datasets.s3.amazonaws.com/mnist', [
      [9_912_422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
      [28_881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
      [1_648_877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
      [4_542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
    ]),
  },
  {
    dataset: 'fashion_mnist',
    terms: 'MIT, Zalando',
    files: idxFiles('fashion-mnist', 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com', [
      [26_421_880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
      [29_515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
      [4_422_102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
      [5_148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
    ]),
  },
];

export const datasetsByHand: readonly ByHand[] = [
  {
    dataset: 'dsprites',
    address: 'https://github.com/google-deepmind/dsprites-dataset',
    how: 'optional: every image is drawn without it',
  },
  {
    dataset: 'usps',
    address: 'https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps',
    how: 'as idx files: data/README.md',
  },
  {
    dataset: 'cifar10',
    address: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    how: 'the folder cifar-10-batches-bin of the binary version, or as idx files: data/README.md',
  },
  {
    dataset: 'cifar100',
    address: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    how: 'the folder cifar-100-binary of the binary version',
  },
  {
    dataset: 'pacs',
    address: 'https://dali-dl.github.io/project_iccv2017.html',
    how: 'as idx files, or as they are with dataset=image_folder: data/README.md',
  },
  {
    dataset: 'attribute_folder',
    address: 'https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html, https://github.com/joojs/fairface',
    how: 'CelebA (for research that is not commercial) and FairFace, images and attributes: data/README.md',
  },
];

function idxFiles(
  folder: string,
  address: string,
  facts: readonly (readonly [bytes: number, sha256: string])[],
): readonly PublishedFile[] {
  const names = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
  return names.map((name, at) => {
    const file = `${name}-ubyte.gz`;
    const [bytes, sha256] = facts[at]!;
    return { path: `${folder}/${file}`, address: `${address}/${file}`, bytes, sha256 };
  });
}
