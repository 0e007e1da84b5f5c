// A client that asks again when it gets no reply, but never pays twice.
//
// Usage: ask-retry HOST PORT [MESSAGE]

#include "connection.h"
#include "steps.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// After each try; there is nothing to wait for after the last one.
static const int LONGEST_WAITS_MS[] = {100, 200, 400};
enum { RETRIES = sizeof LONGEST_WAITS_MS / sizeof *LONGEST_WAITS_MS };

// Returns the length of the line that the server answered, 0 if it gave no
// answer, -1 if the connection failed.
static int ask(const char *host, const char *port, const char *message,
               char reply[LINE_SIZE]) {
  struct connection server;
  if (STEP("connect", dial(&server, host, port)) < 0)
    return -1;
  // While nothing is said, the system asks whether the server is still there.
  int on = 1;
  if (setsockopt(server.socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) < 0)
    return failed("setsockopt");
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout); // What comes next may wait for ever.
  int length = -1;
  if (STEP("send", send_line(&server, message)) == 0)
    length = STEP("read", read_line(&server, reply));
  if (length >= 0)
    STEP("close", close_connection(&server));
  else
    close_connection(&server);
  return length;
}

static bool is_worth_a_retry(int result) {
  if (result == 0)
    return true;
  switch (failure.code) {
  case ECONNREFUSED:
  case ECONNRESET:
  case EPIPE:
  case ETIMEDOUT:
  case EHOSTUNREACH:
    return true;
  default:
    return false;
  }
}

static int back_off(int longest_ms) {
  // A random time, or all clients of a failed server would come back at once.
  long wait_ns = random() % (longest_ms * 1000000L);
  struct timespec wait = {.tv_nsec = wait_ns};
  return nanosleep(&wait, NULL) < 0 ? failed("nanosleep") : 0;
}

int main(int argc, char *argv[]) {
  if (argc < 3 || argc > 4 || port_number(argv[2]) < 0) {
    fprintf(stderr, "Usage: ask-retry HOST PORT [MESSAGE]\n");
    return 2;
  }
  const char *message = argc > 3 ? argv[3] : "Hello Server!";
  bool is_repeatable = strncmp(message, "Pay", 3) != 0;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  srandom((unsigned)now.tv_nsec);
  char reply[LINE_SIZE];
  int length;
  for (int tries = 0;; tries++) {
    length = ask(argv[1], argv[2], message, reply);
    if (length > 0)
      break;
    bool is_worth = is_worth_a_retry(length);
    bool is_tried_again = is_worth && is_repeatable && tries < RETRIES;
    if (is_tried_again)
      fprintf(stderr, "Trying again: ");
    explain(length, argv[1], argv[2]);
    if (is_worth && !is_repeatable)
      fprintf(stderr, "Not repeated: the server may have done it already.\n");
    if (!is_tried_again)
      return EXIT_FAILURE;
    STEP("backoff", back_off(LONGEST_WAITS_MS[tries]));
  }
  printf("The server said: %s\n", reply);
  return EXIT_SUCCESS;
}
