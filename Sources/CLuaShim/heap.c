// Small blocks are in pages of one size each, and pages in regions; large ones are malloc's, in a list.
//
// Lua says the size of what it gives back, so that no block needs to know its own, and a plugin's blocks are mostly of a few
// sizes. But what this is for is the end: a state that was left in the middle of a collection (watchdog.c) is in no condition
// to be closed, and its memory could not be found again if it were malloc's. And one that is closed need not be taken apart
// block by block while everybody waits.

#include "heap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT = 16, MOST_SMALL = ROOST_SMALL_CLASSES * UNIT, PAGE = 2048, REGION = 64 * 1024 };

// At the beginning of each page, whose address is a multiple of PAGE.
typedef struct roost_page {
  struct roost_page *next, *previous; // among the partial ones of its class, or the free ones
  void *free;                         // blocks that were given back, each with the address of the next
  uint16_t fresh;                     // where the blocks begin that were never given out
  uint16_t used;                      // blocks that are given out
  uint16_t size;                      // of a block
  bool is_full;                       // then it is in no list
} page;

// At the beginning of each region, whose address is a multiple of REGION, after the header of its first page.
typedef struct roost_region {
  _Alignas(UNIT) page first;
  struct roost_region *next, *previous;
  size_t used; // pages
} region;

typedef struct roost_large {
  struct roost_large *next, *previous;
} large;

_Static_assert(sizeof(page) % UNIT == 0 && sizeof(region) % UNIT == 0 && sizeof(large) == UNIT, "blocks are aligned to UNIT");
_Static_assert(sizeof(region) + MOST_SMALL <= PAGE, "a block fits in the first page");

static _Thread_local size_t held_here; // bytes of all heaps that this thread uses

size_t roost_held_here(void) { return held_here; }

static void hold(roost_heap *heap, size_t bytes) { heap->held += bytes, held_here += bytes; }
static void let_go(roost_heap *heap, size_t bytes) { heap->held -= bytes, held_here -= bytes; }

static page *page_of(void *block) { return (page *)((uintptr_t)block & ~(uintptr_t)(PAGE - 1)); }
static region *region_of(page *p) { return (region *)((uintptr_t)p & ~(uintptr_t)(REGION - 1)); }
static size_t start_of(page *p) { return (void *)p == (void *)region_of(p) ? sizeof(region) : sizeof(page); }

static void link_page(page **list, page *p) {
  p->next = *list;
  p->previous = NULL;
  if (*list) (*list)->previous = p;
  *list = p;
}

static void unlink_page(page **list, page *p) {
  if (p->next) p->next->previous = p->previous;
  if (p->previous) p->previous->next = p->next;
  else *list = p->next;
}

// ---------------------------------------------------------------------------------------------------------- Regions

static bool add_region(roost_heap *heap, size_t most) {
  if (heap->held + REGION > most) return false;
  region *r = aligned_alloc(REGION, REGION);
  if (!r) return false;
  r->used = 0;
  r->previous = NULL;
  r->next = heap->regions;
  if (r->next) r->next->previous = r;
  heap->regions = r;
  hold(heap, REGION);
  // The first page ends up in front.
  for (size_t at = REGION; at > 0; at -= PAGE) {
    page *p = (page *)((char *)r + at - PAGE);
    link_page(&heap->free_pages, p);
  }
  return true;
}

// Gives a region back whose pages are all free.
static void remove_region(roost_heap *heap, region *r) {
  for (size_t at = 0; at < REGION; at += PAGE) unlink_page(&heap->free_pages, (page *)((char *)r + at));
  if (r->next) r->next->previous = r->previous;
  if (r->previous) r->previous->next = r->next;
  else heap->regions = r->next;
  let_go(heap, REGION);
  free(r);
}

static page *begin_page(roost_heap *heap, size_t class, size_t most) {
  if (!heap->free_pages && !add_region(heap, most)) return NULL;
  page *p = heap->free_pages;
  unlink_page(&heap->free_pages, p);
  ++region_of(p)->used;
  p->free = NULL;
  p->fresh = (uint16_t)start_of(p);
  p->used = 0;
  p->size = (uint16_t)((class + 1) * UNIT);
  p->is_full = false;
  link_page(&heap->partial[class], p);
  return p;
}

static void end_page(roost_heap *heap, page *p) {
  region *r = region_of(p);
  link_page(&heap->free_pages, p);
  // The last one stays: whoever needs no page now will need one soon.
  if (--r->used == 0 && (r->next || r->previous)) remove_region(heap, r);
}

// ----------------------------------------------------------------------------------------------------------- Blocks

static void *take_small(roost_heap *heap, size_t size, size_t most) {
  size_t class = (size - 1) / UNIT;
  page *p = heap->partial[class];
  if (!p && !(p = begin_page(heap, class, most))) return NULL;
  void *block = p->free;
  if (block) {
    p->free = *(void **)block;
  } else {
    block = (char *)p + p->fresh;
    p->fresh = (uint16_t)(p->fresh + p->size);
  }
  ++p->used;
  if (!p->free && p->fresh + p->size > PAGE) {
    p->is_full = true;
    unlink_page(&heap->partial[class], p);
  }
  return block;
}

static void release_small(roost_heap *heap, void *block, size_t size) {
  size_t class = (size - 1) / UNIT;
  page *p = page_of(block);
  *(void **)block = p->free;
  p->free = block;
  --p->used;
  if (p->is_full) {
    p->is_full = false;
    link_page(&heap->partial[class], p);
  }
  // The only one of its class stays, or a block that comes and goes would take a page along each time.
  if (p->used == 0 && (p->next || p->previous)) {
    unlink_page(&heap->partial[class], p);
    end_page(heap, p);
  }
}

static void link_large(roost_heap *heap, large *block, size_t size) {
  block->previous = NULL;
  block->next = heap->large;
  if (block->next) block->next->previous = block;
  heap->large = block;
  hold(heap, size + sizeof(large));
}

static void unlink_large(roost_heap *heap, large *block, size_t size) {
  if (block->next) block->next->previous = block->previous;
  if (block->previous) block->previous->next = block->next;
  else heap->large = block->next;
  let_go(heap, size + sizeof(large));
}

static void *resize_large(roost_heap *heap, large *block, size_t old_size, size_t new_size, size_t most) {
  if (new_size > old_size && heap->held + (new_size - old_size) + sizeof(large) > most) return NULL;
  if (block) unlink_large(heap, block, old_size);
  large *moved = realloc(block, new_size + sizeof(large));
  if (moved) {
    link_large(heap, moved, new_size);
    return moved + 1;
  }
  if (block) link_large(heap, block, old_size);
  return NULL;
}

void *roost_heap_resize(roost_heap *heap, void *block, size_t old_size, size_t new_size, size_t most) {
  if (block && new_size < old_size) most = SIZE_MAX; // Lua takes for granted that what shrinks finds room
  bool was_small = old_size <= MOST_SMALL, is_small = new_size <= MOST_SMALL;
  if (!block) return is_small ? take_small(heap, new_size, most) : resize_large(heap, NULL, 0, new_size, most);
  if (!was_small && !is_small) return resize_large(heap, (large *)block - 1, old_size, new_size, most);
  if (was_small && is_small && (old_size - 1) / UNIT == (new_size - 1) / UNIT) return block;
  void *moved = roost_heap_resize(heap, NULL, 0, new_size, most);
  if (!moved) return NULL;
  memcpy(moved, block, old_size < new_size ? old_size : new_size);
  roost_heap_release(heap, block, old_size);
  return moved;
}

void roost_heap_release(roost_heap *heap, void *block, size_t size) {
  if (!block || size == 0) return;
  if (size <= MOST_SMALL) {
    release_small(heap, block, size);
  } else {
    large *whole = (large *)block - 1;
    unlink_large(heap, whole, size);
    free(whole);
  }
}

void roost_heap_clear(roost_heap *heap) {
  for (large *block = heap->large; block;) {
    large *next = block->next;
    free(block);
    block = next;
  }
  for (region *r = heap->regions; r;) {
    region *next = r->next;
    free(r);
    r = next;
  }
  let_go(heap, heap->held);
  *heap = (roost_heap){0};
}
