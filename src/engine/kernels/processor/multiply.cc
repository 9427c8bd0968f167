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
// Vectors in a row of a tile, where the columns suffice.
constexpr int most = 2;

// Aligned as floats are, not as vectors.
typedef float Lanes __attribute__((vector_size(lanes * sizeof(float)), aligned(sizeof(float)), may_alias));

// A tile of c in registers.
template <int rows, int vectors>
void MultiplyTile(int64_t k, const float* a, int64_t aRow, int64_t aColumn, const float* b, int64_t bRow, float* c,
                  int64_t cRow) {
  // Unrolled, so that they stay in registers.
  Lanes sums[rows][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) {
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) sums[i][j] = Lanes{};
  }
  for (int64_t at = 0; at < k; at++, a += aColumn, b += bRow) {
    const Lanes* right = reinterpret_cast<const Lanes*>(b);
    Lanes part[vectors];
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) part[j] = right[j];
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
      const float left = a[i * aRow];
#pragma GCC unroll 2
      for (int j = 0; j < vectors; j++) sums[i][j] += left * part[j];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) {
    Lanes* place = reinterpret_cast<Lanes*>(c + i * cRow);
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) place[j] = sums[i][j];
  }
}

// The columns of so many vectors, from the first one on.
template <int vectors>
void MultiplyColumns(int64_t m, int64_t k, const Matrix& a, const float* b, int64_t bRow, float* c, int64_t cRow) {
  int64_t i = 0;
  for (; i + tileRows <= m; i += tileRows) {
    MultiplyTile<tileRows, vectors>(k, a.data + i * a.row, a.row, a.column, b, bRow, c + i * cRow, cRow);
  }
  for (; i < m; i++) MultiplyTile<1, vectors>(k, a.data + i * a.row, a.row, a.column, b, bRow, c + i * cRow, cRow);
}

// The columns that fill no vector.
void MultiplyRest(int64_t m, int64_t n, int64_t k, const Matrix& a, const float* b, int64_t bRow, float* c,
                  int64_t cRow) {
  for (int64_t i = 0; i < m; i++) {
    float sums[lanes] = {};
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
  for (; j + most * lanes <= n; j += most * lanes) MultiplyColumns<most>(m, k, a, b.data + j, b.row, c + j, row);
  for (; j + lanes <= n; j += lanes) MultiplyColumns<1>(m, k, a, b.data + j, b.row, c + j, row);
  if (j < n) MultiplyRest(m, n - j, k, a, b.data + j, b.row, c + j, row);
}
