// A client that asks for signs of life while it waits, and asks once more.
//
// Usage: ask-heartbeat HOST PORT

#include "clock.h"
#include "connection.h"
#include "steps.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERVAL_MS = 250, PATIENCE_MS = 1000 };
static const char NO_LIFE[] = "no sign of life from the server";

// Returns how many sockets are readable at that time at the latest: 0 or 1.
static int wait_for(const struct connection *server, double until_ms) {
  double left_ms = until_ms - now_ms();
  struct pollfd it = {.fd = server->socket, .events = POLLIN};
  // Rounded up, so that the time has come when nothing else has.
  int ready = poll(&it, 1, left_ms > 0 ? (int)left_ms + 1 : 0);
  return ready < 0 ? failed("poll") : ready;
}

// Reads the first line that is no heartbeat.
static int read_reply(struct connection *server, char reply[LINE_SIZE]) {
  double silent_ms = now_ms() + PATIENCE_MS;
  double beat_ms = now_ms() + INTERVAL_MS;
  for (;;) {
    int length;
    while ((length = take_line(server, reply)) > 0) {
      if (strcmp(reply, "Heartbeat") != 0)
        return length;
    }
    int ready = wait_for(server, beat_ms < silent_ms ? beat_ms : silent_ms);
    if (ready < 0)
      return -1;
    if (ready > 0) {
      int received = receive(server);
      if (received < 0)
        return -1;
      if (received == 0) // What is left, if anything, has no line feed.
        return read_line(server, reply);
      silent_ms = now_ms() + PATIENCE_MS;
      beat_ms = now_ms() + INTERVAL_MS;
    } else if (now_ms() >= silent_ms) {
      return failed_because("poll", NO_LIFE);
    } else {
      if (send_line(server, "Heartbeat") < 0)
        return -1;
      beat_ms += INTERVAL_MS;
    }
  }
}

// Returns the length of the line that the server answered, 0 if it gave no
// answer, -1 if the connection failed.
static int ask(const char *host, const char *port, char reply[LINE_SIZE]) {
  struct connection server;
  if (STEP("connect", dial(&server, host, port)) < 0)
    return -1;
  printf("Connected to %s:%s.\n", host, port);
  fflush(stdout); // What comes next may wait for ever.
  int length = -1;
  if (STEP("send", send_line(&server, "Hello Server!")) == 0)
    length = STEP("read", read_reply(&server, reply));
  if (length >= 0)
    STEP("close", close_connection(&server));
  else
    close_connection(&server);
  return length;
}

static void explain_silence(int length, const char *host, const char *port) {
  if (length < 0 && failure.message == NO_LIFE)
    fprintf(stderr, "No sign of life from the server.\n");
  else
    explain(length, host, port);
}

int main(int argc, char *argv[]) {
  if (argc != 3 || port_number(argv[2]) < 0) {
    fprintf(stderr, "Usage: ask-heartbeat HOST PORT\n");
    return 2;
  }
  char reply[LINE_SIZE];
  int length = ask(argv[1], argv[2], reply);
  if (length <= 0) {
    fprintf(stderr, "Trying again: ");
    explain_silence(length, argv[1], argv[2]);
    length = ask(argv[1], argv[2], reply);
  }
  if (length <= 0) {
    explain_silence(length, argv[1], argv[2]);
    return EXIT_FAILURE;
  }
  printf("The server said: %s\n", reply);
  return EXIT_SUCCESS;
}
