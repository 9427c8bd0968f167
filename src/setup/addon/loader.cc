// The addon that Node loads: it loads the real one, which is linked to TensorFlow, with standard error muted.
// TensorFlow's libraries log some lines while they load, before they read TF_CPP_MIN_LOG_LEVEL, and errors about
// GPUs that are not there. TF_CPP_MIN_LOG_LEVEL=0 shows all.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

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

}  // namespace

NAPI_MODULE_INIT() {
  using Register = napi_value (*)(napi_env, napi_value);
  const MutedStandardError muted;
  void* library = dlopen("tfjs_tensorflow.so", RTLD_NOW | RTLD_LOCAL);
  void* found = library == nullptr ? nullptr : dlsym(library, "napi_register_module_v1");
  if (found == nullptr) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  return reinterpret_cast<Register>(found)(env, exports);
}
