package dev.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.StringJoiner;

/** Heads from text, and as text, for tests. */
final class Heads {
  private static final HeadParser REQUESTS = HeadParser.requests(8 * 1024, 32 * 1024, 100);
  private static final HeadParser RESPONSES = HeadParser.responses(64 * 1024, 256);

  private Heads() {}

  static Head request(String text) {
    return parse(REQUESTS, text);
  }

  static Head response(String text) {
    return parse(RESPONSES, text);
  }

  /** A request with these header lines, each without its line end, and a Host. */
  static Head fields(String... lines) {
    StringBuilder text = new StringBuilder("POST / HTTP/1.1\r\nHost: a\r\n");
    for (String line : lines) {
      text.append(line).append("\r\n");
    }
    return request(text.append("\r\n").toString());
  }

  private static Head parse(HeadParser parser, String text) {
    Head head = empty();
    if (!feed(parser, head, text)) {
      throw new AssertionError("incomplete: " + text);
    }
    return head;
  }

  static Head empty() {
    Head head = new Head(new HeadSpace());
    head.clear();
    return head;
  }

  /** Whether the head is complete or faulty; what it leaves is thrown away. */
  static boolean feed(HeadParser parser, Head head, String text) {
    ByteBuf in = Unpooled.wrappedBuffer(Chars.bytes(text));
    try {
      return parser.read(head, in);
    } finally {
      in.release();
    }
  }

  /** Everything that the parser has found out, so that two results can be compared. */
  static String describe(Head head) {
    if (head.fault != null) {
      return head.fault.toString();
    }
    StringJoiner all = new StringJoiner("|");
    if (!head.trailers) {
      if (head.status == 0) {
        all.add(head.method + " " + text(head, head.methodStart, head.methodEnd));
        all.add("target " + text(head, head.targetStart, head.targetEnd));
        all.add("path " + path(head) + " " + text(head, head.pathStart, head.pathEnd));
        all.add("authority " + authority(head) + " asterisk " + head.asterisk);
      } else {
        all.add("status " + head.status + " " + text(head, head.reasonStart, head.reasonEnd));
      }
    }
    all.add("minor " + head.minor + " length " + head.contentLength);
    all.add("codings " + head.transferEncodings + head.chunked + head.unknownCoding);
    all.add("host " + head.host + " upgrade " + head.upgrade + " date " + head.hasDate);
    all.add("connection " + head.connectionClose + head.connectionKeepAlive);
    all.add("connection " + head.connectionUpgrade + head.connectionNamesFields);
    all.add("expect " + head.unknownExpectation + head.expectContinue + " te " + head.teTrailers);
    all.add("bound " + head.credentialBound + " end " + head.end);
    for (int i = 0; i < head.count(); i++) {
      all.add(
          text(head, head.nameStart(i), head.nameEnd(i))
              + "="
              + head.value(i)
              + "="
              + head.name(i)
              + (head.canonical(i) ? "c" : "")
              + (head.dropped(i) ? "d" : "")
              + (head.underscore(i) ? "u" : ""));
    }
    return all.toString();
  }

  /** The path as it is matched and forwarded. */
  static String path(Head head) {
    return head.normalPath != null
        ? Chars.text(head.normalPath, 0, head.normalPath.length)
        : text(head, head.pathStart, head.pathEnd);
  }

  private static String authority(Head head) {
    return head.authorityStart < 0 ? "-" : text(head, head.authorityStart, head.authorityEnd);
  }

  private static String text(Head head, int from, int to) {
    return Chars.text(head.bytes, from, to);
  }
}
