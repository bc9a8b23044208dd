package dev.weir.http;

import io.netty.buffer.ByteBuf;

/** Writes the chunked coding (RFC 9112 section 7.1). */
final class Chunks {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST = Chars.bytes("0\r\n");

  private Chunks() {}

  /** One chunk; the buffer is taken over and not empty. */
  static void write(Output to, ByteBuf data, HeadWriter scratch) {
    scratch.clear();
    scratch.addHex(data.readableBytes()).add(CRLF);
    to.head(scratch, data.readableBytes() + CRLF.length);
    to.data(data);
    to.bytes(CRLF);
  }

  /** The end of the body; trailers may be null. */
  static void end(Output to, Head trailers, HeadWriter scratch) {
    scratch.clear();
    scratch.add(LAST);
    if (trailers != null) {
      scratch.addFields(trailers);
    }
    scratch.add(CRLF);
    to.head(scratch, 0);
  }
}
