package dev.weir.http;

import dev.weir.core.backend.Outcome;
import dev.weir.core.observe.Cause;
import dev.weir.core.pool.Pool;
import io.netty.buffer.ByteBuf;

/**
 * One request and its response: route, get a connection through {@link Attempts}, send the request,
 * relay the answer, end. Made by {@link Downstream} when a request head is complete; ends exactly
 * once, in {@link #end}. Belongs to one event loop.
 */
final class Exchange {
  /**
   * Of the head: when its first byte was there, and when all of it was, in monotonic nanoseconds.
   */
  record Times(long first, long complete) {}

  private static final int MAX_INTERIM = 32;
  private static final int MAX_ROOM = 16 * 1024;

  final Downstream client;
  final HttpLoop loop;
  final HttpHandler handler;
  final Head request;
  final Peer origin;
  final ExchangeSummary summary;
  private final Replay replay;
  private final RequestId id;
  private final Attempts attempts;
  private Route route;
  private TakenRoute taken;

  // The request.
  private boolean requestChunked;
  private boolean requestDone;
  boolean upgrading;
  private boolean continueSent;

  // The response.
  private boolean responseStarted;
  boolean responseChunked;
  private boolean responseDelimited;
  private boolean clientKeepAlive;
  private Tunnel tunnel;
  private int interim;

  boolean ended;

  Exchange(Downstream client, HttpLoop loop, HttpHandler handler, Head request, Times times) {
    this.client = client;
    this.loop = loop;
    this.handler = handler;
    this.request = request;
    origin = handler.origin(client.peer(), request);
    replay = new Replay(loop);
    id = new RequestId(loop.context.random());
    attempts = new Attempts(this, loop);
    summary = new ExchangeSummary(this, attempts, times.first());
    summary.headNanos = times.complete() - times.first();
    summary.bytesIn = request.end;
  }

  // ---- begin: check, route, first attempt

  void begin() {
    if (request.fault != null) {
      refuse(request.fault);
      return;
    }
    requestChunked = request.chunked;
    clientKeepAlive = request.persistent();
    upgrading = FieldRules.wantsUpgrade(request);
    if (request.maxForwards == 0) {
      answer(200, Cause.NONE, "the request went as far as it may");
      return;
    }
    route = handler.route(request, origin);
    if (request.fault != null) {
      refuse(request.fault);
    } else if (route == null) {
      answer(404, Cause.NO_ROUTE, "no route takes this request");
    } else {
      take();
    }
  }

  private void take() {
    taken = route.plain() ? null : new TakenRoute(route, loop.context.wheel());
    summary.route = route.name;
    Pool pool = route.actions == null ? route.pool : route.actions.begin(this);
    if (pool == null) {
      return; // the route has answered
    }
    if (overLimit(request.contentLength)) {
      refuse(Fault.BODY_TOO_LARGE);
      return;
    }
    if (taken != null) {
      taken.limit(summary.startNanos, this::overdue);
    }
    attempts.start(pool, route);
  }

  private boolean overLimit(long bytes) {
    long limit = route.bodyLimit(handler.bodyLimit());
    return limit > 0 && bytes > limit;
  }

  // ---- the request goes out

  /** There is a connection: the head, and what of the body an earlier attempt has sent. */
  void send() {
    RequestHead.write(this, loop.writer);
    int room = (int) Math.min(Math.max(request.contentLength, 0), MAX_ROOM);
    upstream().output().head(loop.writer, room);
    replay.resend(this);
    if (requestDone) {
      if (requestChunked) {
        Chunks.end(upstream().output(), null, loop.writer);
      }
      requestSent();
      return;
    }
    if (request.expectContinue && request.minor == 1 && !continueSent) {
      client.awaitContinue();
    }
    client.resumeBody();
  }

  private void requestSent() {
    long now = loop.context.now();
    summary.sentAt = now;
    upstream().expectBy(now + route.responseNanos(attempts.config()));
    attempts.sent();
  }

  /** Whether body bytes may be given to {@link #requestData} now. */
  boolean takesBody() {
    return ended || (attempts.ready() && upstream().writable());
  }

  /** A part of the request body; the buffer is taken over. */
  void requestData(ByteBuf data) {
    summary.bytesIn += data.readableBytes();
    if (ended) {
      data.release();
      return;
    }
    if (overLimit(summary.bytesIn - request.end)) {
      data.release();
      refuse(Fault.BODY_TOO_LARGE);
      return;
    }
    if (request.method.idempotent) {
      replay.keep(data);
    } else {
      replay.sentUnkept();
    }
    writeRequestData(data);
  }

  /** Writes a part of the body, for the first time or again; the buffer is taken over. */
  void writeRequestData(ByteBuf data) {
    if (requestChunked) {
      Chunks.write(upstream().output(), data, loop.writer);
    } else {
      upstream().output().data(data);
    }
  }

  /** The request is complete. */
  void requestEnd(Head trailers) {
    requestDone = true;
    if (ended || !attempts.ready()) {
      return;
    }
    if (trailers != null && trailers.count() > 0) {
      replay.sentUnkept();
    }
    if (requestChunked) {
      Chunks.end(upstream().output(), trailers, loop.writer);
    }
    if (!responseStarted) {
      requestSent();
    }
  }

  void upstreamWritable() {
    client.resumeBody();
  }

  void flushUpstream() {
    if (upstream() != null) {
      upstream().flush();
    }
  }

  /** The client waits for leave to send its body and none has come (RFC 9110 section 10.1.1). */
  void continueOverdue() {
    if (!ended && !responseStarted && !continueSent) {
      continueSent = true;
      client.output().bytes(ResponseHead.CONTINUE);
      client.flush();
    }
  }

  // ---- the response comes back

  /** A 1xx response. */
  void interimHead(Head head) {
    if (head.status == 101) {
      startTunnel(head);
      return;
    }
    boolean swallow = head.status == 100 && (continueSent || !request.expectContinue);
    if (++interim > MAX_INTERIM) {
      failOrAnswer(502, Cause.BACKEND_GARBAGE, "too many interim responses");
    } else if (!swallow && request.minor == 1) {
      continueSent |= head.status == 100;
      ResponseHead.writeInterim(head, loop.writer);
      client.output().head(loop.writer, 0);
    }
  }

  private void startTunnel(Head head) {
    if (!upgrading || !FieldRules.offered(request, head)) {
      failOrAnswer(502, Cause.BACKEND_GARBAGE, "the backend switched protocols unasked");
      return;
    }
    responseStarted = true;
    summary.status = 101;
    clientKeepAlive = false;
    attempts.answering();
    ResponseHead.writeUpgrade(head, loop.writer);
    client.output().head(loop.writer, 0);
    tunnel = client.tunnel();
    upstream().tunnel(tunnel);
  }

  /**
   * The final response head.
   *
   * @param length of the body, -1 when it is not known beforehand
   * @param available body bytes that have come with the head
   * @return false when the response was given up for another attempt
   */
  boolean responseHead(Head head, boolean bodyless, long length, int available) {
    boolean gateway = head.status == 502 || head.status == 503 || head.status == 504;
    if (gateway && repeatable() && attempts.anotherThere() && attempts.tryRepeat()) {
      attempts.abandon(Outcome.STATUS_GATEWAY);
      attempts.repeat(false);
      flushUpstream();
      return false;
    }
    attempts.answering();
    summary.status = head.status;
    summary.cause = Cause.NONE;
    responseStarted = true;
    boolean measured = bodyless || length >= 0;
    responseChunked = !measured && request.minor == 1;
    responseDelimited = measured || responseChunked;
    clientKeepAlive &= requestDone && responseDelimited && !client.draining();
    ResponseHead.write(this, head, bodyless, loop.writer);
    client.output().head(loop.writer, available);
    summary.answeredAt = upstream().heardAt();
    upstream().expectBy(summary.answeredAt + stallNanos());
    return true;
  }

  /** A part of the response body; the buffer is taken over. */
  void responseData(ByteBuf data) {
    summary.bytesOut += data.readableBytes();
    if (responseChunked) {
      Chunks.write(client.output(), data, loop.writer);
    } else {
      client.output().data(data);
    }
    if (tunnel != null) {
      tunnel.progress();
    } else {
      upstream().expectBy(upstream().heardAt() + stallNanos());
    }
    if (!client.writable()) {
      upstream().pause();
    }
  }

  /** The body is complete; trailers may be null. Comes before {@link #responseEnd}. */
  void responseTrailers(Head trailers) {
    if (responseChunked) {
      // RFC 9110 section 6.5.1: to those only who have said that they take them.
      Chunks.end(client.output(), request.teTrailers ? trailers : null, loop.writer);
    }
  }

  /** The response is complete and the upstream connection has left. */
  void responseEnd() {
    long heardAt = upstream().heardAt();
    attempts.succeeded(summary.status);
    end(heardAt);
    client.exchangeEnded(clientKeepAlive, !requestDone);
  }

  void clientWritable() {
    if (attempts.ready()) {
      upstream().resume();
    }
  }

  // ---- the tunnel after 101

  /** Bytes from the client in a tunnel; taken over. */
  void tunnelData(ByteBuf data) {
    summary.bytesIn += data.readableBytes();
    if (ended) {
      data.release();
    } else {
      upstream().output().data(data);
      tunnel.progress();
    }
  }

  /** The client has ended its side of the tunnel; the backend may go on. */
  void tunnelEnd() {
    if (!ended) {
      upstream().endOutput();
      tunnel.halfClosed();
    }
  }

  // ---- failure

  /** The upstream connection broke, timed out or spoke nonsense; it has left already. */
  void failed(Upstream broken, Outcome outcome, Cause why) {
    boolean stale = broken.reused() && !broken.answering() && outcome == Outcome.RESET;
    attempts.broke(outcome, !broken.reused());
    summary.cause = why;
    if (responseStarted) {
      end();
      client.breakOff(!responseDelimited);
    } else if (repeatable() && attempts.tryRepeat()) {
      attempts.repeat(stale);
      flushUpstream();
    } else {
      summary.avoidable = repeatable() && attempts.anotherThere();
      refuse(Refusal.broken(summary.cause));
    }
  }

  /** No backend has answered. */
  void refuse(Refusal refusal) {
    answer(refusal.status(), refusal.cause(), refusal.text());
  }

  /** There is nobody (else) to try. */
  void noBackend() {
    refuse(Refusal.nobody(summary.cause));
  }

  /** As many connections failed as may be tried. */
  void connectGivenUp() {
    summary.avoidable = attempts.anotherThere();
    refuse(Refusal.CONNECT_GIVEN_UP);
  }

  /** RFC 9110 section 9.2.2: what was sent may be sent again only if that means the same. */
  boolean repeatable() {
    return request.method.idempotent && replay.complete() && !responseStarted && !upgrading;
  }

  private void failOrAnswer(int code, Cause why, String text) {
    attempts.abandon(why == Cause.BACKEND_GARBAGE ? Outcome.GARBAGE : Outcome.LOCAL);
    summary.cause = why;
    if (responseStarted) {
      end();
      client.breakOff(!responseDelimited);
    } else {
      answer(code, why, text);
    }
  }

  /** The client has gone, or took too long; nothing more can be sent to it. */
  void clientGone(Cause why) {
    if (!ended) {
      summary.cause = tunnel != null ? Cause.NONE : why;
      attempts.abandon(tunnel != null ? Outcome.OK : Outcome.CLIENT_ABORT);
      end();
    }
  }

  /** The request is not as it must be. */
  void refuse(Fault fault) {
    if (!ended) {
      failOrAnswer(fault.status, fault.cause(), fault.text);
    }
  }

  /** The client was too slow with its body. */
  void bodyOverdue() {
    failOrAnswer(408, Cause.CLIENT_BODY_TIMEOUT, "the request body came too slowly");
  }

  /** It has taken longer than its route allows; tunnels may. */
  private void overdue() {
    if (!ended && tunnel == null) {
      failOrAnswer(504, Cause.BACKEND_TIMEOUT, "the request took longer than its route allows");
      client.flush();
    }
  }

  // ---- answers of our own, and the end

  /** The proxy answers with an error. */
  void answer(int code, Cause why, String text) {
    answering(code, why);
    OwnAnswer.write(this, code, why, text, loop);
    answered();
  }

  /** The route answers itself. */
  void answer(FixedAnswer fixed) {
    answering(fixed.status, Cause.NONE);
    fixed.write(this, loop);
    answered();
  }

  private void answering(int code, Cause why) {
    summary.cause = why;
    summary.status = code;
    responseStarted = true;
    clientKeepAlive &= request.fault == null && requestDone && !client.draining();
  }

  private void answered() {
    client.output().head(loop.writer, 0);
    end();
    client.exchangeEnded(clientKeepAlive, !requestDone);
  }

  private void end() {
    end(loop.context.now());
  }

  private void end(long now) {
    if (!ended) {
      ended = true;
      if (taken != null) {
        taken.unlimit();
      }
      summary.endNanos = now;
      replay.release();
      handler.observer().exchangeEnded(summary);
      loop.giveBack(request);
    }
  }

  void flush() {
    flushUpstream();
    client.flush();
    if (attempts.ready() && !client.writable()) {
      upstream().pause();
    }
  }

  // ---- what others may know

  RequestId id() {
    return id;
  }

  /** What the route keeps for this request; null for a plain route, and before there is one. */
  TakenRoute taken() {
    return taken;
  }

  Attempts tries() {
    return attempts;
  }

  private Upstream upstream() {
    return attempts.upstream();
  }

  boolean requestComplete() {
    return requestDone;
  }

  boolean keepsClient() {
    return clientKeepAlive;
  }

  long stallNanos() {
    return route.stallNanos(attempts.config());
  }

  long idleLimitNanos() {
    return attempts.config().timeouts().idle().toNanos();
  }
}
