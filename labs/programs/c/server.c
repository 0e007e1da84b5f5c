// A server that accepts one connection and then behaves as it is told.
//
// Usage: server PORT BEHAVIOUR

#include "connection.h"
#include "exhaust.h"
#include "input.h"
#include "steps.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// An action returns -1 after failed(), and then nothing more is done.

static int read_request(struct connection *client) {
  char line[LINE_SIZE];
  return STEP("read", read_line(client, line));
}

static int send_reply(struct connection *client) {
  return STEP("send", send_line(client, "Hello Client!"));
}

static int close_client(struct connection *client) {
  return STEP("close", close_connection(client));
}

static int reset(struct connection *client) {
  // Lingering for 0 seconds makes close() throw the connection away: a reset.
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  if (setsockopt(client->socket, SOL_SOCKET, SO_LINGER, &at_once,
                 sizeof at_once) < 0)
    return failed("setsockopt");
  return close_connection(client);
}

static int abort_client(struct connection *client) {
  return STEP("abort", reset(client));
}

static int wait_for_end(struct connection *client) {
  (void)client;
  return STEP("wait", wait_for_end_of_input());
}

static int pause_until_enter(struct connection *client) {
  (void)client;
  return STEP("pause", wait_for_enter());
}

static int open_files(struct connection *client) {
  (void)client;
  return STEP("leak", exhaust_descriptors());
}

static int grow(struct connection *client) {
  (void)client;
  return STEP("grow", exhaust_memory(SIZE_MAX));
}

static int end(struct connection *client) {
  (void)client;
  _exit(EXIT_SUCCESS); // Nothing is closed here: the system does that.
}

// Returns 1 after the eighth, 0 at the end of file.
static int eight_heartbeats(struct connection *client) {
  char line[LINE_SIZE];
  for (int beats = 0; beats < 8;) {
    int length = read_line(client, line);
    if (length <= 0)
      return length;
    if (strcmp(line, "Heartbeat") != 0)
      continue;
    if (send_line(client, line) < 0)
      return -1;
    beats++;
  }
  return 1;
}

static int read_to_the_end(struct connection *client) {
  char line[LINE_SIZE];
  int length;
  while ((length = read_line(client, line)) > 0)
    ;
  return length;
}

static int answer_heartbeats(struct connection *client) {
  if (read_request(client) < 0)
    return -1;
  int length = STEP("read", eight_heartbeats(client));
  if (length <= 0)
    return length;
  if (send_reply(client) < 0)
    return -1;
  return STEP("read", read_to_the_end(client));
}

static int serve(int listener) {
  for (;;) {
    struct connection client;
    if (STEP("accept", accept_from(listener, &client)) < 0)
      return -1;
    // A connection that fails is closed too, and the next client is served.
    while (read_request(&client) > 0 && send_reply(&client) == 0)
      ;
    if (close_client(&client) < 0)
      return -1;
  }
}

static int leak(int listener) {
  struct connection client;
  if (open_files(NULL) < 0)
    return -1;
  if (STEP("accept", accept_from(listener, &client)) < 0)
    wait_for_end(NULL);
  return end(NULL);
}

enum { MOST_ACTIONS = 4 };

static const struct behaviour {
  const char *name;
  // What is done with the connection, in order.
  int (*actions[MOST_ACTIONS])(struct connection *client);
  // In place of them, for a behaviour that accepts by itself.
  int (*listens)(int listener);
} BEHAVIOURS[] = {
    {"reply", {read_request, send_reply, close_client}, NULL},
    {"close", {read_request, close_client}, NULL},
    {"abort", {read_request, abort_client}, NULL},
    {"never-read", {wait_for_end, close_client}, NULL},
    {"never-reply", {read_request, wait_for_end, close_client}, NULL},
    {"late-reply",
     {read_request, wait_for_end, send_reply, close_client},
     NULL},
    {"early-reply", {send_reply, wait_for_end, close_client}, NULL},
    {"slow-reply", {answer_heartbeats, close_client}, NULL},
    {"serve", {NULL}, serve},
    {"leak", {NULL}, leak},
    {"accept-leak", {read_request, open_files, wait_for_end, end}, NULL},
    {"grow", {pause_until_enter, grow}, NULL},
    {"read-grow", {read_request, pause_until_enter, grow}, NULL},
};
enum { BEHAVIOUR_COUNT = sizeof BEHAVIOURS / sizeof *BEHAVIOURS };

static const struct behaviour *find_behaviour(const char *name) {
  for (size_t i = 0; i < BEHAVIOUR_COUNT; i++) {
    if (strcmp(BEHAVIOURS[i].name, name) == 0)
      return &BEHAVIOURS[i];
  }
  return NULL;
}

static int behave(const struct behaviour *behaviour, int port) {
  int listener = STEP("listen", listen_on(port));
  if (listener < 0)
    return -1;
  if (behaviour->listens != NULL)
    return behaviour->listens(listener);
  struct connection client;
  if (STEP("accept", accept_from(listener, &client)) < 0)
    return -1;
  for (int i = 0; i < MOST_ACTIONS && behaviour->actions[i] != NULL; i++) {
    if (behaviour->actions[i](&client) < 0)
      return -1;
  }
  return 0;
}

static void print_usage(void) {
  fprintf(stderr, "Usage: server PORT ");
  for (size_t i = 0; i < BEHAVIOUR_COUNT; i++)
    fprintf(stderr, "%s%s", i == 0 ? "" : "|", BEHAVIOURS[i].name);
  fprintf(stderr, "\n");
}

int main(int argc, char *argv[]) {
  int port = argc == 3 ? port_number(argv[1]) : -1;
  if (port < 0) {
    print_usage();
    return 2;
  }
  const struct behaviour *behaviour = find_behaviour(argv[2]);
  if (behaviour == NULL) {
    fprintf(stderr, "Unknown behaviour: %s\n", argv[2]);
    return 127;
  }
  if (behave(behaviour, port) < 0) {
    fprintf(stderr, "Connection failed: %s\n", failure.message);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
