#include "exhaust.h"

#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

struct chunk {
  struct chunk *previous;
  volatile char bytes[8 * 1024 * 1024 - sizeof(struct chunk *)];
};

int exhaust_descriptors(void) {
  while (open("/dev/null", O_RDONLY) >= 0)
    ;
  return errno == EMFILE ? 0 : failed("open");
}

int exhaust_memory(size_t budget) {
  int result = 0;
  struct chunk *last = NULL;
  for (size_t taken = 0; budget - taken >= sizeof *last;
       taken += sizeof *last) {
    struct chunk *chunk = malloc(sizeof *chunk);
    if (chunk == NULL) {
      result = failed("malloc");
      break;
    }
    // The system gives a page only when it is written to. The bytes are
    // volatile, or the compiler might leave out what nobody reads.
    for (size_t i = 0; i < sizeof chunk->bytes; i += 4096)
      chunk->bytes[i] = 'x';
    chunk->previous = last;
    last = chunk;
  }
  while (last != NULL) {
    struct chunk *previous = last->previous;
    free(last);
    last = previous;
  }
  return result;
}
