/* SPDX-License-Identifier: Apache-2.0 */
/* Names of tiles and which of them a tree has (C2SP tlog-tiles v0.1.0; docs/protocol.md, "Tiles"). */
#ifndef HANSE_LOG_TILE_H
#define HANSE_LOG_TILE_H

#include <stdbool.h>

#include <hanse/status.h>

#define HANSE_TILE_WIDTH 256
#define HANSE_TILE_LEVELS 8 /* sizes below 2^63 have no more */
#define HANSE_TILE_PATH_BYTES 64

/* A hash tile, or an entry bundle (then level is 0). */
struct hanse_tile {
    bool is_bundle;
    unsigned level;
    uint64_t index;
    unsigned width; /* 1 to 256; less than 256 is a partial tile */
};

/* `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`. HANSE_INVALID_ARGUMENT: a level above 63, an index of
 * 2^63 or more, or a width of 0 or above 256. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_path_encode(const struct hanse_tile *tile,
                                                          char out[HANSE_TILE_PATH_BYTES],
                                                          struct hanse_error *err);
/* Strict: only what encode gives. HANSE_MALFORMED with the offset. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_path_decode(struct hanse_bytes path, struct hanse_tile *out,
                                                          struct hanse_error *err);

/* Width of the tile that a tree of `size` has at this place: 0 if it has none. */
unsigned hanse_tile_width(unsigned level, uint64_t index, uint64_t size);

/* Anything but HANSE_OK stops and is returned. */
typedef enum hanse_status hanse_tile_visit(void *context, const struct hanse_tile *tile,
                                           struct hanse_error *err);
/* The tiles and bundles of the tree of `size` that the tree of `old_size` did not have with that width: what
 * a publisher writes, or a mirror fetches. From 0: all. By level, bundles first. HANSE_INVALID_ARGUMENT:
 * old_size above size, or a size of 2^63 or more; and the visitor's own. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_list_new(uint64_t old_size, uint64_t size,
                                                       hanse_tile_visit *visit, void *context,
                                                       struct hanse_error *err);
/* The places that were partial at old_size and are full at `size` (width 256): there every partial tile, all
 * of the folder `<N>.p`, is obsolete once the checkpoint of `size` is out. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_list_completed(uint64_t old_size, uint64_t size,
                                                             hanse_tile_visit *visit, void *context,
                                                             struct hanse_error *err);

#endif
