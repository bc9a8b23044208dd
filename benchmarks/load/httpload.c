/*
 * Open-loop HTTP load: requests leave at a fixed rate whether or not answers come back, and latency
 * counts from the moment a request was due, so that a stall is seen by every request it delayed.
 *
 *   httpload PORT PATH RATE SECONDS CONNECTIONS
 *
 * One thread, one epoll loop, keep-alive connections with one request at a time each; a request that
 * is due while none is free waits. Bounded in time: SECONDS and at most one more for late answers.
 * Prints one line: WEIR units=.. errors=.. late=.. nanos=.. p50=.. p90=.. p99=.. p999=.. max=..
 * (latencies in microseconds; late: never answered; errors: closed connections and statuses but 200).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAX_MICROS 2000000
#define MAX_CONNECTIONS 1024
#define MAX_ERRORS 10000

struct conn {
  int fd, busy, head_done, got;
  long left;
  long long due;
  char in[16384];
};

static int epfd, port, count, free_count;
static struct conn *all, **idle;
static char request[1024];
static int request_len;
static unsigned *histogram;
static long long answered, errors;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void open_connection(struct conn *c) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (struct sockaddr *)&a, sizeof a) < 0) {
    fprintf(stderr, "httpload: port %d: %s\n", port, strerror(errno));
    exit(1);
  }
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  c->busy = 0;
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epfd, EPOLL_CTL_ADD, c->fd, &e);
  idle[free_count++] = c;
}

static void forget_idle(struct conn *c) {
  for (int i = 0; i < free_count; i++)
    if (idle[i] == c) idle[i] = idle[--free_count];
}

static void failed(struct conn *c) {
  errors++;
  if (!c->busy) forget_idle(c);
  close(c->fd);
  open_connection(c);
}

static void ask(struct conn *c, long long due) {
  c->busy = 1, c->head_done = 0, c->got = 0, c->due = due;
  if (send(c->fd, request, request_len, MSG_NOSIGNAL) != request_len) failed(c);
}

static void finished(struct conn *c) {
  long long micros = (now() - c->due) / 1000;
  histogram[micros < MAX_MICROS ? micros : MAX_MICROS]++;
  answered++;
  c->busy = 0;
  idle[free_count++] = c;
}

/* Reads of an answer; -1 when it is not one. */
static int answer(struct conn *c) {
  char *to = c->head_done ? c->in : c->in + c->got;
  int room = c->head_done ? (int)sizeof c->in : (int)sizeof c->in - 1 - c->got;
  ssize_t n = recv(c->fd, to, room, MSG_DONTWAIT);
  if (n <= 0) return n < 0 && errno == EAGAIN ? 0 : -1;
  if (!c->busy) return -1;
  if (!c->head_done) {
    c->got += n;
    c->in[c->got] = 0;
    char *end = strstr(c->in, "\r\n\r\n");
    if (!end) return c->got < (int)sizeof c->in - 1 ? 0 : -1;
    char *length = strcasestr(c->in, "\r\ncontent-length:");
    if (strncmp(c->in, "HTTP/1.1 200", 12) || !length || length > end) return -1;
    c->left = atol(length + 17) - (c->got - (end + 4 - c->in));
    c->head_done = 1;
  } else {
    c->left -= n;
  }
  if (c->left < 0) return -1;
  if (c->left == 0) finished(c);
  return 0;
}

static long percentile(double p) {
  long long want = (long long)(p * answered), seen = 0;
  for (long i = 0; i <= MAX_MICROS; i++)
    if ((seen += histogram[i]) > want) return i;
  return MAX_MICROS;
}

static int clock_every(long long nanos) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct itimerspec t = {.it_interval = {nanos / 1000000000, nanos % 1000000000}};
  t.it_value = t.it_interval;
  timerfd_settime(fd, 0, &t, NULL);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &e);
  return fd;
}

int main(int argc, char **argv) {
  if (argc < 6) {
    fprintf(stderr, "usage: httpload PORT PATH RATE SECONDS CONNECTIONS\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  port = atoi(argv[1]);
  double rate = atof(argv[3]);
  long long total = (long long)(rate * atof(argv[4]));
  count = atoi(argv[5]);
  if (rate < 1 || rate > 1e6 || count < 1 || count > MAX_CONNECTIONS) return 64;
  request_len = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", argv[2], port);
  epfd = epoll_create1(0);
  histogram = calloc(MAX_MICROS + 1, sizeof *histogram);
  all = calloc(count, sizeof *all);
  idle = calloc(count, sizeof *idle);
  for (int i = 0; i < count; i++) open_connection(&all[i]);
  double gap = 1e9 / rate;
  int timer = clock_every((long long)gap);
  struct epoll_event events[256];
  long long begin = now(), asked = 0, last = begin + (long long)(gap * total), until = last + 1000000000LL, at;
  while ((at = now()) < until && answered + errors < total && errors < MAX_ERRORS) {
    while (asked < total && free_count > 0 && begin + (long long)(gap * asked) <= at) {
      ask(idle[--free_count], begin + (long long)(gap * asked));
      asked++;
    }
    int n = epoll_wait(epfd, events, 256, 100);
    for (int i = 0; i < n; i++) {
      struct conn *c = events[i].data.ptr;
      unsigned long long ticks;
      if (!c) {
        if (read(timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN) return 1;
      } else if (answer(c) < 0) {
        failed(c);
      }
    }
  }
  printf("WEIR units=%lld errors=%lld late=%lld nanos=%lld p50=%ld p90=%ld p99=%ld p999=%ld max=%ld\n", answered,
         errors, total - answered - errors, now() - begin, percentile(.5), percentile(.9), percentile(.99),
         percentile(.999), percentile(1 - 1e-9));
  return 0;
}
