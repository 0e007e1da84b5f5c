// A server that knows its limits, and says so where another one would fail.
//
// Usage: server-limits PORT reserve|shed

#include "connection.h"
#include "exhaust.h"
#include "input.h"
#include "steps.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t BUDGET = 64 * 1024 * 1024;

static int accept_request(int listener, struct connection *client) {
  if (STEP("accept", accept_from(listener, client)) < 0)
    return -1;
  char line[LINE_SIZE];
  return STEP("read", read_line(client, line));
}

static int say_busy(struct connection *client) {
  if (STEP("send", send_line(client, "Busy, try again later.")) < 0)
    return -1;
  return STEP("close", close_connection(client));
}

static int reserve(int listener) {
  // Given back when nothing else is left, so that a client can still be told.
  int spare = open("/dev/null", O_RDONLY);
  if (spare < 0)
    return failed("open");
  if (STEP("leak", exhaust_descriptors()) < 0)
    return -1;
  close(spare);
  struct connection client;
  return accept_request(listener, &client) < 0 ? -1 : say_busy(&client);
}

static int shed(int listener) {
  struct connection client;
  if (accept_request(listener, &client) < 0)
    return -1;
  STEP("pause", wait_for_enter());
  // The work would need more: it is given up, not the server.
  if (STEP("grow", exhaust_memory(BUDGET)) < 0)
    return -1;
  return say_busy(&client);
}

int main(int argc, char *argv[]) {
  int port = argc == 3 ? port_number(argv[1]) : -1;
  bool is_reserve = argc == 3 && strcmp(argv[2], "reserve") == 0;
  bool is_shed = argc == 3 && strcmp(argv[2], "shed") == 0;
  if (port < 0 || !(is_reserve || is_shed)) {
    fprintf(stderr, "Usage: server-limits PORT reserve|shed\n");
    return 2;
  }
  int listener = STEP("listen", listen_on(port));
  if (listener < 0 || (is_reserve ? reserve : shed)(listener) < 0) {
    fprintf(stderr, "Connection failed: %s\n", failure.message);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
