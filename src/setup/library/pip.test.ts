import { describe, expect, it } from 'vitest';
import { isNeeded } from './fetch.js';
import { downloadWords, explainDownload } from './pip.js';
import { requirementsOfExtra } from './requirements.js';

describe('downloadWords', () => {
  const words = downloadWords(['tensorflow-cpu==2.21.0'], '/w');
  it('asks for wheels of a fixed Python on Linux x64, without what they require', () => {
    for (const word of ['--no-deps', '--only-binary=:all:', '--python-version=3.11', '--abi=cp311'])
      expect(words).toContain(word);
    expect(words.filter((word) => word.startsWith('--platform='))).toContain(
      '--platform=manylinux_2_27_x86_64',
    );
    expect(words.slice(-2)).toEqual(['--dest=/w', 'tensorflow-cpu==2.21.0']);
  });
  it('asks for no wheel of a newer C library than we support', () => {
    for (const word of words) expect(word).not.toMatch(/manylinux_2_(2[89]|[3-9])/);
  });
});

it('reads the requirements of an extra, and of no other', () => {
  const metadata = [
    'Metadata-Version: 2.4',
    'Requires-Dist: keras>=3.12.0',
    'Provides-Extra: and-cuda',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    "Requires-Dist: nvidia-nccl-cu12 (<3.0,>=2.27.7) ; extra == 'and-cuda'",
    'Requires-Dist: tensorrt; (python_version < "3.12") and extra == "and-cuda"',
    'Requires-Dist: other; extra == "gcs-filesystem"',
    '',
    'Requires-Dist: in-the-description; extra == "and-cuda"',
  ].join('\r\n');
  expect(requirementsOfExtra(metadata, 'and-cuda')).toEqual([
    'nvidia-cublas-cu12<13.0,>=12.5.3.2',
    'nvidia-nccl-cu12<3.0,>=2.27.7',
  ]);
});

it.each([
  ['tensorflow/libtensorflow_cc.so.2', true],
  ['tensorflow/include/tensorflow/c/eager/c_api.h', true],
  ['tensorflow/include/xla/tsl/c/tsl_status.h', true],
  ['tensorflow/include/tsl/platform/ctstring.h', true],
  ['tensorflow-2.21.0.dist-info/METADATA', true],
  ['nvidia/cudnn/lib/libcudnn.so.9', true],
  ['nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc', true],
  ['nvidia/cuda_runtime/lib/libcudart_static.a', false],
  ['nvidia/cuda_nvrtc/lib/libnvrtc.alt.so.12', false],
  ['nvidia/cudnn/include/cudnn.h', false],
  ['tensorflow/include/Eigen/Core', false],
  ['tensorflow/python/_pywrap_tfe.so', false],
])('unpacks %s: %s', (path, expected) => {
  expect(isNeeded(path)).toBe(expected);
});

describe('explainDownload', () => {
  it.each([
    ["NewConnectionError('...: [Errno -3] Temporary failure in name resolution')", 'E_SETUP_NETWORK'],
    [
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
      'E_SETUP_DISK',
    ],
    ['ERROR: No matching distribution found for tensorflow-cpu==2.21.0', 'E_SETUP_DOWNLOAD'],
  ])('%s', (output, code) => {
    const error = explainDownload(['tensorflow-cpu==2.21.0'], output);
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect(error.message).toContain('tensorflow-cpu==2.21.0');
    expect(error.hints.length).toBeGreaterThan(0);
  });
});
