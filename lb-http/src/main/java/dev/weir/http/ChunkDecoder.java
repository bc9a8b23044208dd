package dev.weir.http;

import io.netty.buffer.ByteBuf;

/**
 * The framing of a chunked body (RFC 9112 section 7.1), strict: CRLF only, at most 16 hexadecimal
 * digits, bounded extensions, which are dropped. The data itself stays in the caller's buffer.
 */
final class ChunkDecoder {
  /** What comes next. */
  enum Step {
    /** More bytes are needed. */
    MORE,
    /** {@link #remaining} bytes of data follow, or as many of them as are there. */
    DATA,
    /** The last chunk is over; the trailer section follows. */
    LAST,
    /** The framing is broken. */
    BAD
  }

  private static final int MAX_DIGITS = 15;
  private static final int MAX_EXTENSION = 256;

  private enum State {
    SIZE,
    SPACE,
    EXTENSION,
    SIZE_END,
    DATA,
    DATA_CR,
    DATA_LF,
    LAST
  }

  private State state = State.SIZE;
  private long size;
  private int digits;
  private int extension;

  void reset() {
    state = State.SIZE;
    size = 0;
    digits = 0;
    extension = 0;
  }

  /** Bytes of data that are left of the current chunk. */
  long remaining() {
    return size;
  }

  /** The caller has taken this many bytes of data. */
  void took(long bytes) {
    size -= bytes;
    if (size == 0) {
      state = State.DATA_CR;
    }
  }

  /** Reads framing until something is to be done. */
  Step next(ByteBuf in) {
    while (state != State.LAST) {
      if (!in.isReadable()) {
        return Step.MORE;
      }
      if (state == State.DATA) {
        return Step.DATA;
      }
      if (!accept(in.readByte())) {
        return Step.BAD;
      }
    }
    return Step.LAST;
  }

  private boolean accept(byte b) {
    return switch (state) {
      case SIZE -> size(b);
      case SPACE -> space(b);
      case EXTENSION -> extension(b);
      case SIZE_END -> sizeEnd(b);
      case DATA_CR -> move(b == '\r', State.DATA_LF);
      case DATA_LF -> dataEnd(b);
      case DATA, LAST -> false;
    };
  }

  private boolean move(boolean allowed, State next) {
    state = next;
    return allowed;
  }

  private boolean size(byte b) {
    int digit = Chars.hex(b);
    if (digit >= 0) {
      size = size * 16 + digit;
      return ++digits <= MAX_DIGITS;
    }
    if (digits == 0) {
      return false;
    }
    if (b == '\r') {
      state = State.SIZE_END;
      return true;
    }
    state = State.SPACE;
    return space(b);
  }

  /** White space between size and extension; the extension begins with a semicolon. */
  private boolean space(byte b) {
    if (b == ';') {
      state = State.EXTENSION;
      return true;
    }
    return (b == ' ' || b == '\t') && ++extension <= MAX_EXTENSION;
  }

  private boolean extension(byte b) {
    if (b == '\r') {
      state = State.SIZE_END;
      return true;
    }
    return Chars.is(b, Chars.VALUE) && ++extension <= MAX_EXTENSION;
  }

  private boolean sizeEnd(byte b) {
    state = size == 0 ? State.LAST : State.DATA;
    return b == '\n';
  }

  private boolean dataEnd(byte b) {
    reset();
    return b == '\n';
  }
}
