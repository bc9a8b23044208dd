package dev.weir.bench.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one HTTP/1.1 message after another from a connection: head, then a body by length or in
 * chunks. It knows only what the audit needs and takes everything else for a fault.
 */
final class MessageReader {
  private static final int MAX_HEAD = 16 * 1024;

  private enum Part {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    DONE
  }

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Map<String, String> fields = new HashMap<>();
  private String startLine = "";
  private Part part = Part.HEAD;
  private int left;
  private int headBytes;
  private boolean bodyless;
  private boolean continued;

  /** The message is not one; the text says why. */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message);
    }
  }

  /** Takes bytes until a message is complete; true when it is, and bytes may be left then. */
  boolean read(ByteBuffer bytes) throws BrokenException {
    while (part != Part.DONE && (bytes.hasRemaining() || (left == 0 && part == Part.FIXED))) {
      switch (part) {
        case FIXED, CHUNK -> take(bytes);
        default -> byteOfLine(bytes.get());
      }
    }
    return part == Part.DONE;
  }

  /** Whether nothing of a message has been read. */
  boolean fresh() {
    return part == Part.HEAD && startLine.isEmpty() && line.size() == 0;
  }

  private void take(ByteBuffer bytes) throws BrokenException {
    int count = Math.min(left, bytes.remaining());
    byte[] some = new byte[count];
    bytes.get(some);
    body.write(some, 0, count);
    left -= count;
    if (body.size() > Payload.MAX_BYTES) {
      throw new BrokenException("a body above " + Payload.MAX_BYTES + " bytes");
    }
    if (left == 0) {
      part = part == Part.FIXED ? Part.DONE : Part.CHUNK_END;
    }
  }

  private void byteOfLine(byte next) throws BrokenException {
    if (++headBytes > MAX_HEAD) {
      throw new BrokenException("a head above " + MAX_HEAD + " bytes");
    }
    if (next != '\n') {
      line.write(next);
      return;
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    line.reset();
    if (!text.endsWith("\r")) {
      throw new BrokenException("a line that does not end in CRLF");
    }
    wholeLine(text.substring(0, text.length() - 1));
  }

  private void wholeLine(String text) throws BrokenException {
    switch (part) {
      case HEAD -> headLine(text);
      case CHUNK_SIZE -> {
        left = number(text, 16);
        part = left == 0 ? Part.TRAILER : Part.CHUNK;
        headBytes = 0;
      }
      case CHUNK_END -> {
        require(text.isEmpty(), "bytes after a chunk");
        part = Part.CHUNK_SIZE;
      }
      case TRAILER -> part = text.isEmpty() ? Part.DONE : Part.TRAILER;
      default -> throw new IllegalStateException(part.name());
    }
  }

  private void headLine(String text) throws BrokenException {
    if (startLine.isEmpty()) {
      require(text.contains("HTTP/1.1"), "a start line that is not HTTP/1.1: " + text);
      startLine = text;
      return;
    }
    if (!text.isEmpty()) {
      int colon = text.indexOf(':');
      require(colon > 0, "a header line without a name: " + text);
      String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
      String before = fields.put(name, text.substring(colon + 1).strip());
      require(before == null || !name.startsWith("x-audit-"), "two header lines " + name);
      return;
    }
    if (bodyless) {
      left = 0;
      part = Part.FIXED;
    } else if (field("transfer-encoding").equalsIgnoreCase("chunked")) {
      part = Part.CHUNK_SIZE;
    } else {
      left = number(fields.getOrDefault("content-length", "0"), 10);
      part = Part.FIXED;
    }
  }

  private static int number(String text, int radix) throws BrokenException {
    try {
      return Integer.parseUnsignedInt(text, radix);
    } catch (NumberFormatException notANumber) {
      throw new BrokenException("not a length: " + text);
    }
  }

  private static void require(boolean condition, String problem) throws BrokenException {
    if (!condition) {
      throw new BrokenException(problem);
    }
  }

  /** The next message is the answer to a HEAD: its length is that of a body that does not come. */
  void bodyless() {
    bodyless = true;
  }

  /** Whether the sender waits for {@code 100 Continue}; true once in a message. */
  boolean awaitsContinue() {
    boolean waits =
        !continued
            && part != Part.HEAD
            && part != Part.DONE
            && field("expect").equalsIgnoreCase("100-continue");
    continued |= waits;
    return waits;
  }

  /** The request or status line. */
  String startLine() {
    return startLine;
  }

  /** The status of an answer. */
  int status() throws BrokenException {
    require(startLine.matches("HTTP/1\\.1 [1-9][0-9][0-9]( .*)?"), "status line: " + startLine);
    return Integer.parseInt(startLine.substring(9, 12));
  }

  /** A header field by its name in lower case; empty when it is not there. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /** Whether the sender says that it will close. */
  boolean closing() {
    return field("connection").toLowerCase(Locale.ROOT).contains("close");
  }

  /** The body. */
  byte[] body() {
    return body.toByteArray();
  }

  /** Makes ready for the next message. */
  void next() {
    line.reset();
    body.reset();
    fields.clear();
    startLine = "";
    part = Part.HEAD;
    left = 0;
    headBytes = 0;
    bodyless = false;
    continued = false;
  }
}
