package dev.weir.core.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds the ClientHello at the beginning of a connection (RFC 8446 sections 4.1.2 and 5.1; older
 * versions look the same), however its bytes are spread over records and reads. It looks at bytes
 * and takes none. Each byte is looked at once when it comes and once when the message is whole, so
 * that single bytes cost no more than many. Belongs to one connection.
 */
public final class HelloReader {
  /** What has become of it so far. */
  public enum Progress {
    /** It may become one. */
    MORE,
    /** It is whole; see {@link HelloReader#hello}. */
    WHOLE,
    /** It is not TLS, or of a time before SNI: SSL 2.0. */
    OTHER,
    /** It is longer than we read. */
    TOO_LONG,
    /** It is TLS, and broken. */
    BROKEN
  }

  private static final int RECORD_HEADER = 5;
  private static final int HANDSHAKE = 22;
  private static final int MAJOR_VERSION = 3;
  private static final int MOST_IN_RECORD = 1 << 14;
  private static final int MESSAGE_HEADER = 4;
  private static final int CLIENT_HELLO = 1;
  private static final int FIRST_ROOM = 1024;

  private final int limit;
  private final byte[] header = new byte[RECORD_HEADER];
  private int headerLength;
  private int leftInRecord;
  private byte[] message = new byte[MESSAGE_HEADER];
  private int length;
  private int wanted = MESSAGE_HEADER;
  private int seen;
  private ClientHello hello;

  /**
   * A reader for one connection.
   *
   * @param limit bytes of the connection to look at, at most, headers of records among them
   */
  public HelloReader(int limit) {
    this.limit = limit;
  }

  /**
   * Looks at what has come next; the buffer stays as it is. Not to be called again after anything
   * but {@link Progress#MORE}.
   */
  public Progress look(ByteBuf in) {
    int at = in.readerIndex();
    int end = at + Math.min(in.readableBytes(), limit - seen);
    Progress now = Progress.MORE;
    while (at < end && now == Progress.MORE) {
      int before = at;
      if (leftInRecord == 0) {
        header[headerLength++] = in.getByte(at++);
        now = header();
      } else {
        int part = Math.min(Math.min(leftInRecord, wanted - length), end - at);
        room(length + part);
        in.getBytes(at, message, length, part);
        at += part;
        length += part;
        leftInRecord -= part;
        now = length == wanted ? message() : Progress.MORE;
      }
      seen += at - before;
    }
    return now == Progress.MORE && seen >= limit ? Progress.TOO_LONG : now;
  }

  /** The message; null until it is whole. */
  public ClientHello hello() {
    return hello;
  }

  private Progress header() {
    boolean first = seen < RECORD_HEADER;
    Progress wrong = first ? Progress.OTHER : Progress.BROKEN;
    if (header[0] != HANDSHAKE || (headerLength > 1 && header[1] != MAJOR_VERSION)) {
      return wrong;
    }
    if (headerLength < RECORD_HEADER) {
      return Progress.MORE;
    }
    headerLength = 0;
    leftInRecord = (header[3] & 0xff) << 8 | (header[4] & 0xff);
    // RFC 8446 section 5.1: handshake messages have no empty fragments.
    return leftInRecord == 0 || leftInRecord > MOST_IN_RECORD ? wrong : Progress.MORE;
  }

  private Progress message() {
    if (wanted > MESSAGE_HEADER) {
      hello = HelloBody.read(message, MESSAGE_HEADER, wanted);
      return hello == null ? Progress.BROKEN : Progress.WHOLE;
    }
    if (message[0] != CLIENT_HELLO) {
      return Progress.BROKEN;
    }
    int body = (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | (message[3] & 0xff);
    if (body == 0) {
      return Progress.BROKEN;
    }
    wanted = MESSAGE_HEADER + body;
    return RECORD_HEADER + wanted > limit ? Progress.TOO_LONG : Progress.MORE;
  }

  // Not as much as is announced: that costs nothing to say.
  private void room(int needed) {
    if (needed > message.length) {
      int more = Math.max(Math.max(needed, 2 * message.length), FIRST_ROOM);
      message = Arrays.copyOf(message, Math.min(more, wanted));
    }
  }
}
