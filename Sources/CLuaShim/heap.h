// The memory of one state, which can be given back as a whole, whatever state it is in.

#ifndef ROOST_HEAP_H
#define ROOST_HEAP_H

#include <stddef.h>

enum { ROOST_SMALL_CLASSES = 16 }; // of 16, 32 … 256 bytes

// A zeroed struct is an empty heap.
typedef struct roost_heap {
  struct roost_page *partial[ROOST_SMALL_CLASSES]; // pages with room for another block of that size
  struct roost_region *regions;                    // all of them
  struct roost_page *free_pages;                   // of all regions
  struct roost_large *large;                       // all blocks that are in no page
  size_t held;                                     // bytes of regions and large blocks
} roost_heap;

// What realloc does, for a block of `old_size` bytes (NULL: a new one). NULL if there is no memory, or `most` bytes are held:
// then the block is as before. `new_size` is not 0.
void *roost_heap_resize(roost_heap *heap, void *block, size_t old_size, size_t new_size, size_t most);
void roost_heap_release(roost_heap *heap, void *block, size_t size);
// Gives everything back. The heap is empty then.
void roost_heap_clear(roost_heap *heap);

#endif
