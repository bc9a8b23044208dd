package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.PickContext;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.pool.Pool;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/**
 * One request and its response: route, pick, connect or reuse, send, relay the answer, end. An
 * attempt that fails is repeated on another backend while that is safe. Made by {@link Downstream}
 * when a request head is complete; ends exactly once, in {@link #end}. Belongs to one event loop.
 */
final class Exchange implements PickContext, EndSummary {
  private static final int MAX_INTERIM = 32;
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = Chars.bytes("0\r\n");

  private final Downstream client;
  private final HttpLoop loop;
  private final HttpHandler handler;
  private final Head request;
  private final long start;
  private final Replay replay;

  // The choice and the attempt.
  private Pool pool;
  private PoolConfig config;
  private Backend backend;
  private Lease lease;
  private Upstream upstream;
  private boolean ready;
  private boolean forceFresh;
  private int attempts;
  private Backend[] tried;
  private int triedCount;

  // The request.
  private boolean requestChunked;
  private boolean requestDone;
  private boolean upgrading;
  private boolean continueSent;

  // The response.
  private boolean responseStarted;
  private boolean responseChunked;
  private boolean responseDelimited;
  private boolean clientKeepAlive;
  private boolean tunnel;
  private int interim;
  private int status;

  private boolean ended;
  private long idHigh;
  private long idLow;
  private Cause cause = Cause.NONE;
  private long bytesIn;
  private long bytesOut;
  private long endNanos;

  Exchange(Downstream client, HttpLoop loop, HttpHandler handler, Head request, long start) {
    this.client = client;
    this.loop = loop;
    this.handler = handler;
    this.request = request;
    this.start = start;
    bytesIn = request.end;
    replay = new Replay(loop);
  }

  // ---- begin: route and first attempt

  void begin() {
    if (request.fault != null) {
      Fault fault = request.fault;
      answer(fault.status, fault.cause(), fault.text);
      return;
    }
    requestChunked = request.chunked;
    clientKeepAlive = request.minor == 1 ? !request.connectionClose : request.connectionKeepAlive;
    upgrading = FieldRules.wantsUpgrade(request);
    long limit = handler.bodyLimit();
    if (limit > 0 && request.contentLength > limit) {
      answer(Fault.BODY_TOO_LARGE.status, Cause.TOO_LARGE, Fault.BODY_TOO_LARGE.text);
      return;
    }
    pool = handler.router().route(request);
    if (pool == null) {
      answer(404, Cause.NO_ROUTE, "no route takes this request");
      return;
    }
    config = pool.config();
    attempt();
  }

  private void attempt() {
    attempts++;
    ready = false;
    backend = pool.pick(this);
    if (backend == null) {
      attempts--;
      noBackend();
      return;
    }
    lease = backend.tryLease();
    if (lease == null) {
      attempts--;
      answer(503, Cause.LOCAL_LIMIT, "the backend is at its limit");
      return;
    }
    boolean repeatable = request.method.idempotent;
    Upstream waiting = forceFresh ? null : loop.idle(backend).take(repeatable, loop.context.now());
    if (waiting != null) {
      upstream = waiting;
      upstream.reuse(this);
      send();
    } else {
      upstream = Upstream.connect(loop, backend, this, config.timeouts().connect());
    }
  }

  private void noBackend() {
    if (cause == Cause.BACKEND_TIMEOUT) {
      answer(504, cause, "the backend did not answer in time");
    } else if (cause == Cause.NONE) {
      cause = Cause.NO_BACKEND;
      answer(503, cause, "no backend is available");
    } else if (cause == Cause.CONNECT_FAILED) {
      answer(503, cause, "no backend accepts connections");
    } else {
      answer(502, cause, "the backend broke off or answered nonsense");
    }
  }

  void connected(Upstream to) {
    if (to == upstream) {
      send();
    }
  }

  void connectFailed(Outcome outcome) {
    upstream = null;
    endLease(outcome, true);
    markTried();
    if (outcome == Outcome.LOCAL) {
      cause = Cause.LOCAL_LIMIT;
      answer(503, cause, "too many connections");
      return;
    }
    cause = Cause.CONNECT_FAILED;
    if (attempts <= config.retries()) {
      attempt();
      flushUpstream();
    } else {
      answer(502, cause, "no backend that was tried accepts connections");
    }
  }

  // ---- the request goes out

  private void send() {
    ready = true;
    RequestHead.write(this, loop.writer);
    long length = request.contentLength;
    upstream.output().head(loop.writer, length > 0 ? (int) Math.min(length, 16 * 1024) : 0);
    replay.resend(this);
    if (requestDone && requestChunked) {
      writeLastChunk(upstream.output(), null);
    }
    if (request.expectContinue && !requestDone && request.minor == 1 && !continueSent) {
      client.awaitContinue();
    }
    if (requestDone) {
      upstream.expectWithin(config.timeouts().response().toNanos());
    } else {
      client.resumeBody();
    }
  }

  /** Whether body bytes may be given to {@link #requestData} now. */
  boolean takesBody() {
    return ended || (ready && upstream != null && upstream.writable());
  }

  /** A part of the request body; the buffer is taken over. */
  void requestData(ByteBuf data) {
    bytesIn += data.readableBytes();
    if (ended) {
      data.release();
      return;
    }
    long limit = handler.bodyLimit();
    if (limit > 0 && bytesIn - request.end > limit) {
      data.release();
      Fault fault = Fault.BODY_TOO_LARGE;
      failOrAnswer(fault.status, Cause.TOO_LARGE, fault.text);
      return;
    }
    if (request.method.idempotent) {
      replay.keep(data);
    } else {
      replay.sentUnkept();
    }
    writeData(data);
  }

  private void writeData(ByteBuf data) {
    if (requestChunked) {
      loop.writer.clear();
      loop.writer.addHex(data.readableBytes()).add(CRLF);
      upstream.output().head(loop.writer, data.readableBytes() + 2);
      upstream.output().data(data);
      upstream.output().bytes(CRLF);
    } else {
      upstream.output().data(data);
    }
  }

  /** The replay gives a kept part of the body again. */
  void replayData(ByteBuf data) {
    writeData(data);
  }

  /** The request is complete; a replayed one comes here again. */
  void requestEnd(Head trailers) {
    requestDone = true;
    if (ended || !ready) {
      return;
    }
    if (trailers != null && trailers.count() > 0) {
      replay.sentUnkept();
    }
    if (requestChunked) {
      writeLastChunk(upstream.output(), trailers);
    }
    upstream.expectWithin(config.timeouts().response().toNanos());
  }

  private void writeLastChunk(Output to, Head trailers) {
    loop.writer.clear();
    loop.writer.add(LAST_CHUNK);
    if (trailers != null) {
      loop.writer.addFields(trailers);
    }
    loop.writer.add(CRLF);
    to.head(loop.writer, 0);
  }

  boolean requestComplete() {
    return requestDone;
  }

  void upstreamWritable() {
    client.resumeBody();
  }

  void flushUpstream() {
    if (upstream != null) {
      upstream.flush();
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
      if (!upgrading) {
        abandonUpstream(Outcome.GARBAGE);
        cause = Cause.BACKEND_GARBAGE;
        answer(502, cause, "the backend switched protocols unasked");
        return;
      }
      startTunnel(head);
      return;
    }
    boolean swallow = head.status == 100 && (continueSent || !request.expectContinue);
    if (++interim > MAX_INTERIM) {
      abandonUpstream(Outcome.GARBAGE);
      cause = Cause.BACKEND_GARBAGE;
      answer(502, cause, "too many interim responses");
    } else if (!swallow && request.minor == 1) {
      continueSent |= head.status == 100;
      ResponseHead.writeInterim(head, loop.writer);
      client.output().head(loop.writer, 0);
    }
  }

  private void startTunnel(Head head) {
    tunnel = true;
    responseStarted = true;
    status = 101;
    clientKeepAlive = false;
    ResponseHead.writeUpgrade(head, loop.writer);
    client.output().head(loop.writer, 0);
    upstream.tunnel();
    client.tunnel();
  }

  /**
   * The final response head.
   *
   * @param length of the body, -1 when it is not known beforehand
   * @param available body bytes that have come with the head
   * @return false when the response was given up for another attempt
   */
  boolean responseHead(Head head, boolean bodyless, long length, int available) {
    if (retryable(head.status)) {
      Upstream was = upstream;
      upstream = null;
      endLease(outcomeOf(head.status), !was.reused());
      was.abandon();
      attempt();
      flushUpstream();
      return false;
    }
    status = head.status;
    cause = Cause.NONE;
    responseStarted = true;
    boolean measured = bodyless || length >= 0;
    responseChunked = !measured && request.minor == 1;
    responseDelimited = measured || responseChunked;
    clientKeepAlive &= requestDone && responseDelimited && !client.draining();
    ResponseHead.write(this, head, bodyless, loop.writer);
    client.output().head(loop.writer, available);
    upstream.expectWithin(stallNanos());
    return true;
  }

  private boolean retryable(int code) {
    if ((code != 502 && code != 503 && code != 504) || !mayRepeat()) {
      return false;
    }
    markTried();
    return pool.pick(this) != null;
  }

  /** A part of the response body; the buffer is taken over. */
  void responseData(ByteBuf data) {
    bytesOut += data.readableBytes();
    Output out = client.output();
    if (responseChunked) {
      loop.writer.clear();
      loop.writer.addHex(data.readableBytes()).add(CRLF);
      out.head(loop.writer, data.readableBytes() + 2);
      out.data(data);
      out.bytes(CRLF);
    } else {
      out.data(data);
    }
    if (tunnel) {
      client.tunnelProgress();
    } else {
      upstream.expectWithin(stallNanos());
    }
    if (!client.writable()) {
      upstream.pause();
    }
  }

  /** The body is complete; trailers may be null. Comes before {@link #responseEnd}. */
  void responseTrailers(Head trailers) {
    if (responseChunked) {
      writeLastChunk(client.output(), trailers);
    }
  }

  /** The response is complete and the upstream connection has left. */
  void responseEnd() {
    boolean fresh = upstream != null && !upstream.reused();
    upstream = null;
    endLease(outcomeOf(status), fresh);
    end();
    client.exchangeEnded(clientKeepAlive, !requestDone);
  }

  void flushClient() {
    client.flush();
  }

  void clientWritable() {
    if (upstream != null && ready) {
      upstream.resume();
    }
  }

  // ---- the tunnel after 101

  /** Bytes from the client in a tunnel; taken over. */
  void tunnelData(ByteBuf data) {
    bytesIn += data.readableBytes();
    if (upstream == null) {
      data.release();
    } else {
      upstream.output().data(data);
    }
  }

  // ---- failure

  /** The upstream connection broke, timed out or spoke nonsense; it has left already. */
  void failed(Upstream broken, Outcome outcome, Cause why) {
    boolean stale = broken.reused() && !broken.answering() && outcome == Outcome.RESET;
    upstream = null;
    ready = false;
    endLease(outcome, !broken.reused());
    cause = why;
    if (responseStarted) {
      end();
      client.breakOff(!responseDelimited);
    } else if (mayRepeat()) {
      // A kept connection that the backend had closed meanwhile says nothing against the backend.
      if (stale) {
        forceFresh = true;
      } else {
        markTried();
      }
      attempt();
      flushUpstream();
    } else if (why == Cause.BACKEND_TIMEOUT) {
      answer(504, why, "the backend did not answer in time");
    } else {
      answer(502, why, "the backend broke off or answered nonsense");
    }
  }

  /** RFC 9110 section 9.2.2: what was sent may be sent again only if that means the same. */
  private boolean mayRepeat() {
    return request.method.idempotent
        && replay.complete()
        && !responseStarted
        && attempts <= config.retries();
  }

  private void failOrAnswer(int code, Cause why, String text) {
    abandonUpstream(Outcome.LOCAL);
    cause = why;
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
      cause = tunnel ? Cause.NONE : why;
      abandonUpstream(tunnel ? Outcome.OK : Outcome.CLIENT_ABORT);
      end();
    }
  }

  /** The body's framing is broken. */
  void badBody(Fault fault) {
    if (!ended) {
      failOrAnswer(fault.status, fault.cause(), fault.text);
    }
  }

  /** The client was too slow with its body. */
  void bodyOverdue() {
    failOrAnswer(408, Cause.CLIENT_BODY_TIMEOUT, "the request body came too slowly");
  }

  private void abandonUpstream(Outcome outcome) {
    if (upstream != null) {
      Upstream was = upstream;
      upstream = null;
      endLease(outcome, !was.reused());
      was.abandon();
    } else {
      endLease(outcome, false);
    }
  }

  // ---- answers of our own, and the end

  private void answer(int code, Cause why, String text) {
    cause = why;
    status = code;
    responseStarted = true;
    boolean malformed = request.fault != null;
    clientKeepAlive &= !malformed && requestDone && !client.draining();
    OwnAnswer.write(this, code, why, text, loop);
    client.output().head(loop.writer, 0);
    end();
    client.exchangeEnded(clientKeepAlive, !requestDone);
  }

  private void endLease(Outcome outcome, boolean fresh) {
    if (lease != null) {
      lease.end(outcome, fresh, (int) client.hash());
      lease = null;
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    endNanos = loop.context.now();
    replay.release();
    handler.observer().exchangeEnded(this);
    client.giveBack(request);
  }

  private static Outcome outcomeOf(int status) {
    return switch (status) {
      case 500 -> Outcome.STATUS_500;
      case 502, 503, 504 -> Outcome.STATUS_GATEWAY;
      case 429 -> Outcome.STATUS_OVERLOAD;
      default -> Outcome.OK;
    };
  }

  private void markTried() {
    if (tried == null) {
      tried = new Backend[4];
    }
    if (triedCount == tried.length) {
      tried = java.util.Arrays.copyOf(tried, triedCount * 2);
    }
    tried[triedCount++] = backend;
  }

  // ---- what others may know

  /** The id of this request, 32 hexadecimal digits, the same for every attempt. */
  void writeRequestId(HeadWriter out) {
    if (idHigh == 0 && idLow == 0) {
      idHigh = loop.context.random().nextLong();
      idLow = loop.context.random().nextLong() | 1;
    }
    out.addHex16(idHigh).addHex16(idLow);
  }

  Downstream client() {
    return client;
  }

  HttpHandler handler() {
    return handler;
  }

  HttpLoop httpLoop() {
    return loop;
  }

  Head request() {
    return request;
  }

  Method requestMethod() {
    return request.method;
  }

  boolean upgrading() {
    return upgrading;
  }

  boolean responseChunked() {
    return responseChunked;
  }

  boolean keepsClient() {
    return clientKeepAlive;
  }

  boolean hasEnded() {
    return ended;
  }

  long stallNanos() {
    return config.timeouts().stall().toNanos();
  }

  long idleLimitNanos() {
    return config.timeouts().idle().toNanos();
  }

  @Override
  public long hash() {
    return client.hash();
  }

  @Override
  public RandomGenerator random() {
    return loop.context.random();
  }

  @Override
  public boolean tried(Backend candidate) {
    for (int i = 0; i < triedCount; i++) {
      if (tried[i] == candidate) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int loop() {
    return loop.context.index();
  }

  @Override
  public String listener() {
    return handler.listener();
  }

  @Override
  public String pool() {
    return pool == null ? null : pool.name();
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public int attempts() {
    return attempts;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public Cause cause() {
    return cause;
  }

  @Override
  public long bytesIn() {
    return bytesIn;
  }

  @Override
  public long bytesOut() {
    return bytesOut;
  }

  @Override
  public long startNanos() {
    return start;
  }

  @Override
  public long endNanos() {
    return endNanos;
  }
}
