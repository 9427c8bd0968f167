// Images in NHWC order: places in them, and zeros around them.

#pragma once

#include "tile.h"

// Places of a regular grid over several images: base + image*i + row*y + pixel*x.
typedef struct {
  f32 *base;
  i32 image, row, pixel;
} Grid;

typedef struct {
  i32 image, y, x;
} Place;

INLINE void advance(Place *place, i32 height, i32 width) {
  if (++place->x < width) return;
  place->x = 0;
  if (++place->y < height) return;
  place->y = 0;
  place->image++;
}

INLINE f32 *address(Grid grid, Place place) {
  return grid.base + place.image * grid.image + place.y * grid.row + place.x * grid.pixel;
}

// Copies images into a larger, zeroed frame.
INLINE void pad_images(f32 *to, const f32 *from, i32 images, i32 height, i32 width, i32 channels, i32 top,
                       i32 left, i32 padded_height, i32 padded_width) {
  const i32 rows = smaller(height, padded_height - top), columns = smaller(width, padded_width - left);
  for (i32 i = 0; i < images; i++, from += height * width * channels) {
    clear(to, top * padded_width * channels);
    to += top * padded_width * channels;
    for (i32 y = 0; y < rows; y++) {
      clear(to, left * channels);
      copy(to + left * channels, from + y * width * channels, columns * channels);
      clear(to + (left + columns) * channels, (padded_width - left - columns) * channels);
      to += padded_width * channels;
    }
    clear(to, (padded_height - top - rows) * padded_width * channels);
    to += (padded_height - top - rows) * padded_width * channels;
  }
}
