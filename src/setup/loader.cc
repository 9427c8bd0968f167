// The addon that Node loads: it loads the real one, which is linked to TensorFlow, with standard error muted.
// TensorFlow's libraries log some lines while they load, before they read TF_CPP_MIN_LOG_LEVEL; 0 shows them.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void* load_muted() {
  const char* level = getenv("TF_CPP_MIN_LOG_LEVEL");
  const bool muted = level == nullptr || strcmp(level, "0") != 0;
  int kept = -1;
  if (muted) {
    fflush(stderr);
    kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
  }
  void* library = dlopen("tfjs_tensorflow.so", RTLD_NOW | RTLD_LOCAL);
  if (kept >= 0) {
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
  }
  return library;
}

}  // namespace

NAPI_MODULE_INIT() {
  using Register = napi_value (*)(napi_env, napi_value);
  void* library = load_muted();
  void* found = library == nullptr ? nullptr : dlsym(library, "napi_register_module_v1");
  if (found == nullptr) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  return reinterpret_cast<Register>(found)(env, exports);
}
