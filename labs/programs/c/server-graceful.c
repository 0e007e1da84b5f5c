// A server that finishes what it has begun when it is told to end with SIGTERM.
//
// Usage: server-graceful PORT

#include "connection.h"
#include "steps.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct server {
  int listener;
  struct connection client; // The socket is -1 between two clients.
  bool is_stopping;
};

// SIGTERM becomes a byte that stays until poll() sees it: a signal that comes
// just before the wait begins is not missed.
static int alarm_ends[2];

static void ring(int signal) {
  (void)signal;
  int before = errno;
  ssize_t rung = write(alarm_ends[1], "", 1);
  (void)rung; // The pipe has room for more signals than anybody sends.
  errno = before;
}

static int set_alarm(void) {
  // All calls but poll(), which sees the pipe, go on after the signal.
  struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};
  if (pipe(alarm_ends) < 0)
    return failed("pipe");
  if (sigaction(SIGTERM, &action, NULL) < 0)
    return failed("sigaction");
  return 0;
}

// Waits until there is something to read, or to accept. SIGTERM ends the wait
// as the system ends an interrupted call.
static int wait_for(const struct server *server, int fd) {
  struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
                         {.fd = alarm_ends[0], .events = POLLIN}};
  int ready = poll(fds, server->is_stopping ? 1 : 2, -1);
  if (ready > 0 && fds[1].revents != 0)
    errno = EINTR;
  return ready < 0 || fds[1].revents != 0 ? failed("poll") : 0;
}

static int accept_client(struct server *server) {
  if (wait_for(server, server->listener) < 0)
    return -1;
  return accept_from(server->listener, &server->client);
}

// Waits for Enter, byte by byte: poll() does not know of what stdio read ahead.
static int work(struct server *server) {
  char letter;
  ssize_t got;
  do {
    if (wait_for(server, STDIN_FILENO) < 0)
      return -1;
    got = read(STDIN_FILENO, &letter, 1);
  } while (got > 0 && letter != '\n');
  return got < 0 ? failed("read") : 0;
}

static int read_request(struct server *server) {
  char line[LINE_SIZE];
  int length;
  while ((length = take_line(&server->client, line)) == 0) {
    if (wait_for(server, server->client.socket) < 0)
      return -1;
    int received = receive(&server->client);
    if (received <= 0)
      return received;
  }
  return length;
}

static int shut_down(struct server *server) {
  return shutdown(server->client.socket, SHUT_WR) < 0 ? failed("shutdown") : 0;
}

static int drain(struct server *server) {
  int received;
  do {
    server->client.length = 0;
    received = receive(&server->client);
  } while (received > 0);
  return received;
}

static int stop(struct server *server) {
  server->is_stopping = true;
  // Asked again, it does not hurry.
  signal(SIGTERM, SIG_IGN);
  return close(server->listener) < 0 ? failed("close") : 0;
}

// Whether a request has come, or its beginning; the end of file is none.
static bool has_request(const struct server *server) {
  const struct connection *client = &server->client;
  char byte;
  if (client->socket < 0 || client->length > 0)
    return client->length > 0;
  return recv(client->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static bool is_interrupted(int result) {
  return result < 0 && failure.code == EINTR;
}

// Runs a step that waits. After SIGTERM it goes on if a request has come.
static int run(const char *step, int (*operation)(struct server *),
               struct server *server) {
  int result = STEP(step, operation(server));
  if (!is_interrupted(result))
    return result;
  if (STEP("stop", stop(server)) < 0)
    return -1;
  return has_request(server) ? STEP(step, operation(server)) : result;
}

// Answers each line until the end of file, or until SIGTERM.
static int answer(struct server *server) {
  while (!server->is_stopping) {
    int result = run("work", work, server);
    if (result == 0)
      result = run("read", read_request, server);
    if (result == 0 || is_interrupted(result))
      return 0;
    if (result < 0)
      return -1;
    if (STEP("send", send_line(&server->client, "Hello Client!")) < 0)
      return -1;
  }
  return 0;
}

static int serve(struct server *server) {
  while (!server->is_stopping) {
    int result = run("accept", accept_client, server);
    if (is_interrupted(result))
      return 0;
    if (result < 0)
      return -1;
    // A connection that fails is closed, too, and the next client is served.
    if (answer(server) == 0 && server->is_stopping &&
        STEP("shutdown", shut_down(server)) == 0)
      STEP("drain", drain(server));
    if (STEP("close", close_connection(&server->client)) < 0)
      return -1;
    server->client.socket = -1;
  }
  return 0;
}

int main(int argc, char *argv[]) {
  int port = argc == 2 ? port_number(argv[1]) : -1;
  if (port < 0) {
    fprintf(stderr, "Usage: server-graceful PORT\n");
    return 2;
  }
  struct server server = {.client.socket = -1};
  if (set_alarm() < 0 ||
      (server.listener = STEP("listen", listen_on(port))) < 0 ||
      serve(&server) < 0) {
    fprintf(stderr, "Connection failed: %s\n", failure.message);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
