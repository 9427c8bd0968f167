// Work shared by a few threads of this library.
#pragma once

#include <cstdint>
#include <functional>

// Calls `work(part)` for every part from 0 to `parts` - 1 and returns when all are done. Which thread does which part
// is left to chance: results must not depend on it. Threads: TF_NUM_INTRAOP_THREADS, else one per core.
void InParallel(int64_t parts, const std::function<void(int64_t)>& work);

// Into how many parts to cut `items` of `cost` (about one multiplication each): depends on nothing else, so that sums
// are the same on any number of threads.
int64_t PartsOf(int64_t items, int64_t cost);
