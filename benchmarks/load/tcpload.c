/*
 * TCP load: one thread, one epoll loop, bounded in time.
 *
 *   tcpload down|up|ping|churn PORT CONNECTIONS SECONDS [SIZE] [CONGESTION-CONTROL]
 *
 * down reads what the other side sends, up sends, ping sends SIZE bytes and waits for as many, churn
 * connects, sends one byte, reads one byte and closes. Prints one line:
 * WEIR units=.. bytes=.. errors=.. nanos=..  (units: bytes, round trips or connections).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum mode { DOWN, UP, PING, CHURN };

#define CHUNK (256 * 1024)
#define MAX_CONNECTIONS 4096
#define MAX_ERRORS 10000

struct conn {
  int fd, got, fresh;
};

static int epfd, port, size = 64;
static enum mode mode;
static const char *cc;
static char buffer[CHUNK];
static long long units, bytes, errors;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void start(struct conn *c) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  c->got = 0;
  c->fresh = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (cc && setsockopt(c->fd, IPPROTO_TCP, TCP_CONGESTION, cc, strlen(cc)) < 0) {
    fprintf(stderr, "tcpload: congestion control %s: %s\n", cc, strerror(errno));
    exit(1);
  }
  if (connect(c->fd, (struct sockaddr *)&a, sizeof a) < 0 && errno != EINPROGRESS) errors++;
  struct epoll_event e = {.events = mode == DOWN ? EPOLLIN : EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(epfd, EPOLL_CTL_ADD, c->fd, &e);
}

static void again(struct conn *c) {
  close(c->fd);
  start(c);
}

static void readable_only(struct conn *c) {
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epfd, EPOLL_CTL_MOD, c->fd, &e);
}

/* One message out; 0 when it went whole. */
static int say(struct conn *c, int length) {
  return send(c->fd, buffer, length, MSG_NOSIGNAL) == length ? 0 : -1;
}

/* Serves one event; -1 when the connection failed. */
static int serve(struct conn *c, unsigned events) {
  if (events & EPOLLERR) return -1;
  if (mode == UP) {
    if (!(events & EPOLLOUT)) return -1;
    ssize_t n = send(c->fd, buffer, CHUNK, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    bytes += n;
    return 0;
  }
  int message = mode == CHURN ? 1 : size;
  if (c->fresh && (events & EPOLLOUT)) {
    c->fresh = 0;
    readable_only(c);
    return say(c, message);
  }
  if (!(events & (EPOLLIN | EPOLLHUP))) return 0;
  ssize_t n = recv(c->fd, buffer, mode == DOWN ? CHUNK : message - c->got, 0);
  if (n <= 0) return n < 0 && errno == EAGAIN ? 0 : -1;
  bytes += n;
  if (mode == DOWN) return 0;
  c->got += n;
  if (c->got < message) return 0;
  c->got = 0;
  units++;
  if (mode == PING) return say(c, message);
  again(c);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: tcpload down|up|ping|churn PORT CONNECTIONS SECONDS [SIZE] [CONGESTION-CONTROL]\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  mode = !strcmp(argv[1], "down") ? DOWN : !strcmp(argv[1], "up") ? UP : !strcmp(argv[1], "ping") ? PING : CHURN;
  port = atoi(argv[2]);
  int count = atoi(argv[3]);
  long long nanos = (long long)(atof(argv[4]) * 1e9);
  if (argc > 5) size = atoi(argv[5]);
  if (argc > 6 && argv[6][0]) cc = argv[6];
  if (count < 1 || count > MAX_CONNECTIONS || size < 1 || size > CHUNK) return 64;
  epfd = epoll_create1(0);
  struct conn *all = calloc(count, sizeof *all);
  for (int i = 0; i < count; i++) start(&all[i]);
  struct epoll_event events[256];
  long long begin = now(), until = begin + nanos, at;
  while ((at = now()) < until && errors < MAX_ERRORS) {
    int n = epoll_wait(epfd, events, 256, (until - at) / 1000000 + 1);
    for (int i = 0; i < n; i++) {
      struct conn *c = events[i].data.ptr;
      if (serve(c, events[i].events) < 0) {
        errors++;
        again(c);
      }
    }
  }
  long long took = now() - begin;
  if (mode == DOWN || mode == UP) units = bytes;
  printf("WEIR units=%lld bytes=%lld errors=%lld nanos=%lld\n", units, bytes, errors, took);
  return 0;
}
