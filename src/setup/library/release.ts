/** The TensorFlow that setup fetches. Another one serves by `--from`. */
export const release = {
  version: '2.21.0',
  /** The CUDA that its libraries are made for. */
  cuda: 12,
  /** Its wheels are asked for by this Python, whatever Python runs pip: no Python of TensorFlow's is used. */
  python: '3.11',
  glibc: '2.27',
} as const;

/** Node-API's version: the highest of those that tfjs-node looks for. */
export const napiVersion = 8;

export type FetchedVariant = 'cpu' | 'cuda';
/** `from`: a TensorFlow that was there before and stays where it is. */
export type Variant = FetchedVariant | 'from';

/** The distribution on PyPI; bytes to download, and of free disk while downloading and unpacking, about. */
export const distributions: Readonly<
  Record<
    FetchedVariant,
    { readonly name: string; readonly downloadBytes: number; readonly diskBytes: number }
  >
> = {
  cpu: { name: 'tensorflow-cpu', downloadBytes: 275e6, diskBytes: 1.2e9 },
  cuda: { name: 'tensorflow', downloadBytes: 3.4e9, diskBytes: 7e9 },
};

/** What the addon is linked to; the first needs the second. */
export const libraryNames = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;
