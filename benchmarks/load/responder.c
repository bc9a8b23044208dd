/*
 * The backend of the benchmarks: one process, one thread, one epoll loop, so that the proxy in front
 * of it is the bottleneck and not the backend.
 *
 *   responder HTTP-PORT DOWN-PORT SINK-PORT ECHO-PORT [CONGESTION-CONTROL]
 *
 * HTTP: GET /1k and /64k answer so many bytes, every other GET 2 bytes; a POST or PUT is read by its
 * Content-Length and answered with 2 bytes; chunked requests are answered 501 and closed.
 * DOWN sends until the other side closes, SINK reads until then, ECHO sends back what it reads.
 * Listens on 127.0.0.1 only. Ends by a signal.
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
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum mode { HTTP, DOWN, SINK, ECHO };

#define HEAD_MAX 16384
#define CHUNK (256 * 1024)

struct conn {
  int fd, listening, closing;
  enum mode mode;
  long body_left; /* bytes of a request body still to be read */
  int head_len;
  char head[HEAD_MAX];
  const char *out; /* what is still to be sent: of a constant, or of own_out */
  size_t out_len;
  char *own_out;
  int wants_write;
};

static int epfd;
static char zeros[CHUNK], scratch[CHUNK];
struct text {
  char *bytes;
  size_t len;
};

/* Each answer for a connection that stays, and for one that ends. */
static struct text small[2], kilo[2], large[2], refuse[2];

static struct text answer(const char *status, int closing, size_t body) {
  const char *extra = closing ? "Connection: close\r\n" : "";
  char head[256];
  int n = snprintf(head, sizeof head,
                   "HTTP/1.1 %s\r\nServer: responder\r\nContent-Type: text/plain\r\n%sContent-Length: %zu\r\n\r\n",
                   status, extra, body);
  char *all = malloc(n + body);
  memcpy(all, head, n);
  memset(all + n, 'x', body);
  return (struct text){all, n + body};
}

static void watch(struct conn *c, int op, unsigned events) {
  struct epoll_event e = {.events = events, .data.ptr = c};
  if (epoll_ctl(epfd, op, c->fd, &e) < 0) perror("epoll_ctl");
}

static void end(struct conn *c) {
  close(c->fd);
  free(c->own_out);
  free(c);
}

/* Sends what is to be sent; -1 when the connection is over. */
static int flush(struct conn *c) {
  while (c->out_len > 0) {
    ssize_t n = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno != EAGAIN) return -1;
      if (!c->wants_write) watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
      c->wants_write = 1;
      return 0;
    }
    c->out += n;
    c->out_len -= n;
  }
  if (c->wants_write) watch(c, EPOLL_CTL_MOD, EPOLLIN);
  c->wants_write = 0;
  return c->closing ? -1 : 0;
}

static const char *field(const char *head, const char *name) {
  size_t n = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
    if (strncasecmp(line + 2, name, n) == 0 && line[2 + n] == ':') {
      line += 3 + n;
      while (*line == ' ') line++;
      return line;
    }
  return NULL;
}

static void choose(struct conn *c, const char *head) {
  const char *length = field(head, "Content-Length"), *connection = field(head, "Connection");
  c->body_left = length ? atol(length) : 0;
  if (connection && strncasecmp(connection, "close", 5) == 0) c->closing = 1;
  struct text *text = small;
  if (field(head, "Transfer-Encoding")) {
    text = refuse, c->closing = 1, c->body_left = 0;
  } else if (strncmp(head, "GET /1k ", 8) == 0) {
    text = kilo;
  } else if (strncmp(head, "GET /64k ", 9) == 0) {
    text = large;
  }
  c->out = text[c->closing].bytes, c->out_len = text[c->closing].len;
}

/* Takes requests out of what was read; -1 when the connection is over. */
static int http(struct conn *c) {
  int answering = 0;
  for (;;) {
    ssize_t n;
    if (c->body_left > 0) {
      n = recv(c->fd, scratch, c->body_left < CHUNK ? c->body_left : CHUNK, 0);
      if (n > 0) c->body_left -= n;
    } else if (!answering) {
      n = recv(c->fd, c->head + c->head_len, HEAD_MAX - 1 - c->head_len, 0);
      if (n > 0) {
        c->head_len += n;
        c->head[c->head_len] = 0;
        char *rest = strstr(c->head, "\r\n\r\n");
        if (!rest) {
          if (c->head_len == HEAD_MAX - 1) return -1;
          continue;
        }
        rest[2] = 0;
        choose(c, c->head);
        long after = c->head_len - (rest + 4 - c->head);
        /* What follows the head is body; pipelined requests are not served (no client here does). */
        if (after > c->body_left) return -1;
        c->body_left -= after;
        c->head_len = 0;
        answering = 1;
      }
    } else {
      return flush(c);
    }
    if (n == 0) return -1;
    if (n < 0) {
      if (errno != EAGAIN) return -1;
      return 0;
    }
    if (c->body_left == 0 && c->out_len > 0) answering = 1;
  }
}

static int sink(struct conn *c) {
  ssize_t n = recv(c->fd, scratch, CHUNK, 0);
  return n > 0 || (n < 0 && errno == EAGAIN) ? 0 : -1;
}

static int echo(struct conn *c) {
  if (c->out_len > 0) return 0;
  if (!c->own_out) c->own_out = malloc(4096);
  ssize_t n = recv(c->fd, c->own_out, 4096, 0);
  if (n <= 0) return n < 0 && errno == EAGAIN ? 0 : -1;
  c->out = c->own_out;
  c->out_len = n;
  return flush(c);
}

static void take(struct conn *l) {
  for (;;) {
    int fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct conn *c = calloc(1, sizeof *c);
    c->fd = fd;
    c->mode = l->mode;
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
    if (c->mode == DOWN) {
      c->out = zeros, c->out_len = CHUNK, c->wants_write = 1;
      watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
  }
}

static int serve(struct conn *c, unsigned events) {
  if (events & (EPOLLERR | EPOLLHUP)) return -1;
  if (c->mode == DOWN) {
    if ((events & EPOLLIN) && sink(c) < 0) return -1;
    ssize_t n = send(c->fd, zeros, CHUNK, MSG_NOSIGNAL);
    return n < 0 && errno != EAGAIN ? -1 : 0;
  }
  if ((events & EPOLLOUT) && c->out_len > 0 && flush(c) < 0) return -1;
  if (!(events & EPOLLIN)) return 0;
  return c->mode == HTTP ? http(c) : c->mode == SINK ? sink(c) : echo(c);
}

static void listening(int port, enum mode mode, const char *cc) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (cc && setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, cc, strlen(cc)) < 0) {
    fprintf(stderr, "responder: congestion control %s: %s\n", cc, strerror(errno));
    exit(1);
  }
  if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, 4096) < 0) {
    fprintf(stderr, "responder: port %d: %s\n", port, strerror(errno));
    exit(1);
  }
  struct conn *c = calloc(1, sizeof *c);
  c->fd = fd, c->mode = mode, c->listening = 1;
  watch(c, EPOLL_CTL_ADD, EPOLLIN);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: responder HTTP-PORT DOWN-PORT SINK-PORT ECHO-PORT [CONGESTION-CONTROL]\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  epfd = epoll_create1(0);
  for (int closing = 0; closing < 2; closing++) {
    small[closing] = answer("200 OK", closing, 2);
    kilo[closing] = answer("200 OK", closing, 1024);
    large[closing] = answer("200 OK", closing, 65536);
    refuse[closing] = answer("501 Not Implemented", closing, 2);
  }
  for (int i = 0; i < 4; i++) listening(atoi(argv[1 + i]), (enum mode)i, argc > 5 ? argv[5] : NULL);
  struct epoll_event events[256];
  for (;;) {
    int n = epoll_wait(epfd, events, 256, -1);
    for (int i = 0; i < n; i++) {
      struct conn *c = events[i].data.ptr;
      if (c->listening)
        take(c);
      else if (serve(c, events[i].events) < 0)
        end(c);
    }
  }
}
