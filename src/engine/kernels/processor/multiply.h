// Products of small matrices, each by one thread.
#pragma once

#include <cstdint>

// Where the numbers of a matrix lie.
struct Matrix {
  const float* data;
  int64_t row, column;
  Matrix Transposed() const { return {data, column, row}; }
};

// c = a * b, `[m, k]` by `[k, n]`. The columns of `b` and `c` lie side by side; rows of `c` are `row` apart.
void Multiply(int64_t m, int64_t n, int64_t k, const Matrix& a, const Matrix& b, float* c, int64_t row);
