// What glibc offers beyond the C standard: malloc_trim.
#include <malloc.h>
