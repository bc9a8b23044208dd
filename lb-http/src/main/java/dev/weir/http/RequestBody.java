package dev.weir.http;

import io.netty.buffer.ByteBuf;

/** Takes the body of one request out of the bytes of a connection and hands it to its exchange. */
final class RequestBody {
  private static final HeadParser TRAILERS = HeadParser.requests(8 * 1024, 16 * 1024, 64);

  private static final long SECOND = 1_000_000_000L;
  private static final long GRACE = 10 * SECOND;
  private static final long MIN_RATE = 240;

  private final HttpLoop loop;
  private final ChunkDecoder chunks;
  private long remaining;
  private Head trailers;
  private boolean complete;
  private long since;
  private long sum;

  RequestBody(Head request, HttpLoop loop) {
    this.loop = loop;
    chunks = request.chunked ? new ChunkDecoder() : null;
    remaining = request.chunked ? 0 : request.contentLength;
  }

  /** So many bytes of the connection are there for it. */
  void arrived(int bytes, long now) {
    if (since == 0) {
      since = now;
      sum = 0;
    }
    sum += bytes;
  }

  /** The backend is the slow one: the client's rate counts from anew. */
  void held() {
    since = 0;
  }

  /** Less than 240 bytes a second, after ten seconds of grace. */
  boolean tooSlow(long now) {
    long elapsed = now - since;
    return since != 0 && elapsed > GRACE && sum < elapsed / SECOND * MIN_RATE;
  }

  boolean complete() {
    return complete;
  }

  /** Takes what is there of this body, and as much as the exchange wants; null or what is wrong. */
  Fault read(ByteBuf in, Exchange exchange) {
    while (in.isReadable() && !complete && exchange.takesBody()) {
      Fault fault = chunks == null ? readLength(in, exchange) : readChunked(in, exchange);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private Fault readLength(ByteBuf in, Exchange exchange) {
    int length = (int) Math.min(remaining, in.readableBytes());
    remaining -= length;
    exchange.requestData(in.readRetainedSlice(length));
    if (remaining == 0) {
      complete = true;
      exchange.requestEnd(null);
    }
    return null;
  }

  private Fault readChunked(ByteBuf in, Exchange exchange) {
    if (trailers != null) {
      return readTrailers(in, exchange);
    }
    switch (chunks.next(in)) {
      case DATA -> {
        int length = (int) Math.min(chunks.remaining(), in.readableBytes());
        chunks.took(length);
        exchange.requestData(in.readRetainedSlice(length));
      }
      case LAST -> {
        trailers = loop.takeHead();
        trailers.clearForTrailers();
      }
      case BAD -> {
        return Fault.BAD_CHUNK;
      }
      case MORE -> {}
    }
    return null;
  }

  private Fault readTrailers(ByteBuf in, Exchange exchange) {
    if (!TRAILERS.read(trailers, in)) {
      return null;
    }
    Head done = trailers;
    trailers = null;
    Fault fault = done.fault == null ? null : Fault.BAD_TRAILER;
    if (fault == null) {
      complete = true;
      exchange.requestEnd(done);
    }
    loop.giveBack(done);
    return fault;
  }
}
