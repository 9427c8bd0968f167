import { HeldoutError } from '../../core/errors.js';

/** What a machine may lack, and how it is got. */
const tools = {
  compiler: {
    code: 'E_SETUP_COMPILER',
    message: 'a C++ compiler is missing: there is no g++ and no clang++ on the PATH, nor one in CXX',
    hints: [
      'sudo apt-get install g++            (Debian, Ubuntu)',
      'sudo dnf install gcc-c++            (Fedora, RHEL)',
      'conda install -c conda-forge gxx    (conda, without root)',
    ],
  },
  pip: {
    code: 'E_SETUP_PIP',
    message: "pip is missing, Python's installer, which fetches TensorFlow (--from DIR needs none)",
    hints: [
      'sudo apt-get install python3-pip    (Debian, Ubuntu)',
      'sudo dnf install python3-pip        (Fedora, RHEL)',
      'conda install pip                   (conda, without root)',
    ],
  },
} as const;

export function missingTool(tool: keyof typeof tools): HeldoutError {
  return new HeldoutError({ ...tools[tool], exitCode: 1 });
}
