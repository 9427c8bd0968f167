#include "parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace {

struct Job {
  Job(int64_t parts, const std::function<void(int64_t)>& work) : parts(parts), work(work) {}

  // Does parts until none is left to begin.
  void Help() {
    for (int64_t part = next++; part < parts; part = next++) {
      work(part);
      done.fetch_add(1, std::memory_order_release);
    }
  }

  const int64_t parts;
  const std::function<void(int64_t)>& work;
  std::atomic<int64_t> next{0};
  std::atomic<int64_t> done{0};
};

int CountThreads() {
  const char* setting = getenv("TF_NUM_INTRAOP_THREADS");
  const int asked = setting == nullptr ? 0 : atoi(setting);
  if (asked > 0) return asked;
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return CPU_COUNT(&cores);
  return std::max(1u, std::thread::hardware_concurrency());
}

class Pool {
 public:
  Pool() {
    for (int index = 1; index < CountThreads(); index++) {
      std::thread([this] { Serve(); }).detach();
      helpers_++;
    }
  }

  void Run(int64_t parts, const std::function<void(int64_t)>& work) {
    if (helpers_ == 0 || parts < 2) {
      for (int64_t part = 0; part < parts; part++) work(part);
      return;
    }
    auto job = std::make_shared<Job>(parts, work);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push_back(job);
    }
    for (int64_t helper = 0; helper < std::min<int64_t>(helpers_, parts - 1); helper++) added_.notify_one();
    job->Help();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.erase(std::remove(jobs_.begin(), jobs_.end(), job), jobs_.end());
    }
    // What is still being done takes no longer than one part.
    for (int tries = 0; job->done.load(std::memory_order_acquire) < parts; tries++) {
      if (tries > 1000) std::this_thread::yield();
    }
  }

 private:
  void Serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      added_.wait(lock, [this] { return !jobs_.empty(); });
      const std::shared_ptr<Job> job = jobs_.front();
      if (job->next >= job->parts) {
        jobs_.pop_front();
        continue;
      }
      lock.unlock();
      job->Help();
      lock.lock();
    }
  }

  int64_t helpers_ = 0;
  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<std::shared_ptr<Job>> jobs_;
};

}  // namespace

void InParallel(int64_t parts, const std::function<void(int64_t)>& work) {
  // Never destroyed: its threads live as long as the process.
  static Pool* pool = new Pool();
  pool->Run(parts, work);
}

int64_t PartsOf(int64_t items, int64_t cost) {
  constexpr int64_t worthwhile = 1 << 15;
  constexpr int64_t most = 64;
  return std::max<int64_t>(1, std::min({items, most, items * cost / worthwhile}));
}
