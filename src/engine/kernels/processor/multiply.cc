#include "multiply.h"

#include <algorithm>

namespace {

#ifdef __AVX512F__
constexpr int lanes = 16;
constexpr int tileRows = 8;
#else
constexpr int lanes = 8;
constexpr int tileRows = 4;
#endif
constexpr int vectors = 2;
constexpr int tileColumns = lanes * vectors;

// Aligned as floats are, not as vectors.
typedef float Lanes __attribute__((vector_size(lanes * sizeof(float)), aligned(sizeof(float)), may_alias));

// A tile of c in registers.
template <int rows>
void MultiplyTile(int64_t k, const float* a, int64_t aRow, int64_t aColumn, const float* b, int64_t bRow, float* c,
                  int64_t cRow) {
  // Unrolled, so that they stay in registers.
  Lanes sums[rows][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = Lanes{};
  for (int64_t at = 0; at < k; at++, a += aColumn, b += bRow) {
    const Lanes* right = reinterpret_cast<const Lanes*>(b);
    const Lanes first = right[0], second = right[1];
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
      const float left = a[i * aRow];
      sums[i][0] += left * first;
      sums[i][1] += left * second;
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) {
    Lanes* place = reinterpret_cast<Lanes*>(c + i * cRow);
    place[0] = sums[i][0];
    place[1] = sums[i][1];
  }
}

// The columns that fill no tile.
void MultiplyRest(int64_t m, int64_t n, int64_t k, const Matrix& a, const float* b, int64_t bRow, float* c,
                  int64_t cRow) {
  for (int64_t i = 0; i < m; i++) {
    float sums[tileColumns] = {};
    for (int64_t at = 0; at < k; at++) {
      const float left = a.data[i * a.row + at * a.column];
#pragma omp simd
      for (int64_t j = 0; j < n; j++) sums[j] += left * b[at * bRow + j];
    }
    std::copy_n(sums, n, c + i * cRow);
  }
}

}  // namespace

void Multiply(int64_t m, int64_t n, int64_t k, const Matrix& a, const Matrix& b, float* c, int64_t row) {
  int64_t j = 0;
  for (; j + tileColumns <= n; j += tileColumns) {
    int64_t i = 0;
    for (; i + tileRows <= m; i += tileRows) {
      MultiplyTile<tileRows>(k, a.data + i * a.row, a.row, a.column, b.data + j, b.row, c + i * row + j, row);
    }
    for (; i < m; i++) {
      MultiplyTile<1>(k, a.data + i * a.row, a.row, a.column, b.data + j, b.row, c + i * row + j, row);
    }
  }
  if (j < n) MultiplyRest(m, n - j, k, a, b.data + j, b.row, c + j, row);
}
