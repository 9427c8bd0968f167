#include "multiply.h"

#include <algorithm>
#include <vector>

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

// What is left of the rows of a tile.
template <int vectors, int rows = tileRows - 1>
void MultiplyRows(int64_t left, int64_t k, const float* a, int64_t aRow, int64_t aColumn, const float* b, int64_t bRow,
                  float* c, int64_t cRow) {
  if constexpr (rows > 0) {
    if (left == rows) {
      MultiplyTile<rows, vectors>(k, a, aRow, aColumn, b, bRow, c, cRow);
    } else {
      MultiplyRows<vectors, rows - 1>(left, k, a, aRow, aColumn, b, bRow, c, cRow);
    }
  }
}

// The columns of so many vectors, from the first one on.
template <int vectors>
void MultiplyColumns(int64_t m, int64_t k, const Matrix& a, const float* b, int64_t bRow, float* c, int64_t cRow) {
  int64_t i = 0;
  for (; i + tileRows <= m; i += tileRows) {
    MultiplyTile<tileRows, vectors>(k, a.data + i * a.row, a.row, a.column, b, bRow, c + i * cRow, cRow);
  }
  MultiplyRows<vectors>(m - i, k, a.data + i * a.row, a.row, a.column, b, bRow, c + i * cRow, cRow);
}

// The columns that fill no vector, filled up with zeros.
void MultiplyRest(int64_t m, int64_t n, int64_t k, const Matrix& a, const float* b, int64_t bRow, float* c,
                  int64_t cRow) {
  thread_local std::vector<float> filled;
  filled.assign(k * lanes, 0);
  for (int64_t at = 0; at < k; at++) std::copy_n(b + at * bRow, n, filled.data() + at * lanes);
  for (int64_t i = 0; i < m; i += tileRows) {
    float sums[tileRows * lanes];
    const int64_t rows = std::min<int64_t>(tileRows, m - i);
    MultiplyColumns<1>(rows, k, {a.data + i * a.row, a.row, a.column}, filled.data(), lanes, sums, lanes);
    for (int64_t row = 0; row < rows; row++) std::copy_n(sums + row * lanes, n, c + (i + row) * cRow);
  }
}

}  // namespace

void Multiply(int64_t m, int64_t n, int64_t k, const Matrix& a, const Matrix& b, float* c, int64_t row) {
  int64_t j = 0;
  for (; j + most * lanes <= n; j += most * lanes) MultiplyColumns<most>(m, k, a, b.data + j, b.row, c + j, row);
  for (; j + lanes <= n; j += lanes) MultiplyColumns<1>(m, k, a, b.data + j, b.row, c + j, row);
  if (j < n) MultiplyRest(m, n - j, k, a, b.data + j, b.row, c + j, row);
}
