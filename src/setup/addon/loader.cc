// The addon that Node loads: it loads the real one, which is linked to TensorFlow, with standard error muted.
// TensorFlow's libraries log some lines while they load, before they read TF_CPP_MIN_LOG_LEVEL, and errors about
// GPUs that are not there. TF_CPP_MIN_LOG_LEVEL=0 shows all. Then it loads our own ops
// (src/engine/kernels/processor), in the form that fits the processor; `heldoutOpsProblem` is why they are not there, or empty.
//
// And it keeps signals away from the threads that compute: a handler that runs on the stack of a thread in one of
// oneDNN's float32 products of matrices damages the heap, be the signal Ctrl-C's or that of `node --cpu-prof`.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string>

namespace {

class MutedStandardError {
 public:
  MutedStandardError() {
    const char* level = getenv("TF_CPP_MIN_LOG_LEVEL");
    if (level != nullptr && strcmp(level, "0") == 0) return;
    fflush(stderr);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) return;
    kept_ = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (kept_ >= 0) dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }

  ~MutedStandardError() {
    if (kept_ < 0) return;
    fflush(stderr);
    dup2(kept_, STDERR_FILENO);
    close(kept_);
  }

 private:
  int kept_ = -1;
};

void* WaitForSignals(void*) {
  for (;;) pause();
}

// Signals to the process go to a thread of their own; TensorFlow's threads inherit that they are not for them.
void MoveSignals() {
  sigset_t moved;
  sigemptyset(&moved);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGCHLD, SIGWINCH, SIGCONT, SIGUSR1, SIGUSR2})
    sigaddset(&moved, signal);
  pthread_t thread;
  if (pthread_create(&thread, nullptr, WaitForSignals, nullptr) != 0) return;
  pthread_detach(thread);
  pthread_sigmask(SIG_BLOCK, &moved, nullptr);
}

// V8's profiler samples this thread by a signal to it, whose handler takes another stack where there is one.
void GiveHandlersAStack() {
  stack_t stack = {};
  stack.ss_size = 256 * 1024;
  stack.ss_sp = malloc(stack.ss_size);
  if (stack.ss_sp != nullptr) sigaltstack(&stack, nullptr);
}

// The best form of our ops that this processor runs; null: none.
const char* ChooseOps() {
  __builtin_cpu_init();
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return nullptr;
  return wide ? "heldout_ops_avx512.so" : "heldout_ops_avx2.so";
}

// Registers our ops with TensorFlow; returns null, or why there are none.
const char* LoadOps() {
  const char* file = ChooseOps();
  if (file == nullptr) return "the processor lacks AVX2";
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  void* found = library == nullptr ? nullptr : dlsym(library, "HeldoutRegisterOps");
  if (found == nullptr) return dlerror();
  return reinterpret_cast<const char* (*)()>(found)();
}

// Once per process: Node may ask for the module again.
const char* OpsProblem() {
  static const std::string problem = [] {
    const char* text = LoadOps();
    return std::string(text == nullptr ? "" : text);
  }();
  return problem.c_str();
}

}  // namespace

NAPI_MODULE_INIT() {
  using Register = napi_value (*)(napi_env, napi_value);
  MoveSignals();
  GiveHandlersAStack();
  const MutedStandardError muted;
  void* library = dlopen("tfjs_tensorflow.so", RTLD_NOW | RTLD_LOCAL);
  void* found = library == nullptr ? nullptr : dlsym(library, "napi_register_module_v1");
  if (found == nullptr) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  const napi_value binding = reinterpret_cast<Register>(found)(env, exports);
  napi_value problem;
  const char* text = OpsProblem();
  if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &problem) == napi_ok) {
    napi_set_named_property(env, binding == nullptr ? exports : binding, "heldoutOpsProblem", problem);
  }
  return binding;
}
