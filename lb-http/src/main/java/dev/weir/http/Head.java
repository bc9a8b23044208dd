package dev.weir.http;

import java.util.Arrays;

/**
 * The head of one message: its bytes as they came, an index of slices into them, and the few facts
 * that framing and routing need. Written by {@link HeadParser}; the engine then marks fields as
 * dropped, and {@link HeadWriter} serialises what is left. Belongs to one event loop, which reuses
 * it.
 */
final class Head {
  /** Content length when there is no such field. */
  static final long NO_LENGTH = -1;

  private static final byte[] ROOT = {'/'};
  private static final int STRIDE = 4;

  /** Bytes that a head keeps for itself, and about as many for its index. */
  static final int OWN_BYTES = 2 * 1024;

  private static final int OWN_FIELDS = 64;

  /** How a field stands in the message. */
  static final int CANONICAL = 1 << 8;

  static final int DROPPED = 1 << 9;
  static final int UNDERSCORE = 1 << 10;
  private static final int NAME_MASK = 0xff;

  private final HeadSpace space;
  private final byte[] own = new byte[OWN_BYTES];
  byte[] bytes = own;

  /** Bytes taken in so far; may run past {@link #end} while the head is being parsed. */
  int length;

  /** Where the head ends and the body begins, once complete. */
  int end;

  /** Whether it waits for its next use. */
  boolean spare;

  // Parser's own.
  int position;
  int scanned;
  boolean startLineDone;
  boolean trailers;
  Fault fault;

  // Start line.
  int methodEnd;
  int methodStart;
  int targetStart;
  int targetEnd;

  /** Where the authority of an absolute-form target stands; -1 when the target is no such. */
  int authorityStart;

  int authorityEnd;
  int pathStart;
  int pathEnd;

  /** The path when its normal form differs from the bytes that came; else null. */
  byte[] normalPath;

  /** Whether {@link #normalPath} is, for the moment, one that a backend may read, decoded. */
  boolean decodedView;

  /** The Host that the backend gets when it is not the client's; else null. */
  byte[] rewrittenHost;

  boolean asterisk;
  int status;
  int reasonStart;
  int reasonEnd;

  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  int minor;

  Method method;

  // Facts from the fields.
  long contentLength;
  int transferEncodings;
  boolean chunked;
  boolean unknownCoding;
  int host;
  boolean connectionClose;
  boolean connectionKeepAlive;
  boolean connectionUpgrade;
  boolean connectionNamesFields;
  int upgrade;
  boolean expectContinue;
  boolean unknownExpectation;
  boolean hasDate;
  boolean teTrailers;
  boolean credentialBound;

  /** Hops that an OPTIONS request may still take; -1 when it does not say. */
  int maxForwards;

  private int[] fields = new int[OWN_FIELDS * STRIDE];
  private int[] flags = new int[OWN_FIELDS];
  private int count;

  /** A head with an array of its own, and more from there. */
  Head(HeadSpace space) {
    this.space = space;
  }

  /** Gives up what it has more than an empty head; what was in it is lost. */
  void shrink() {
    if (bytes != own) {
      space.giveBack(bytes);
      bytes = own;
    }
    if (flags.length > OWN_FIELDS) {
      fields = new int[OWN_FIELDS * STRIDE];
      flags = new int[OWN_FIELDS];
    }
  }

  /** Makes it empty. */
  void clear() {
    shrink();
    length = 0;
    end = 0;
    position = 0;
    scanned = 0;
    methodStart = 0;
    methodEnd = 0;
    targetStart = 0;
    targetEnd = 0;
    startLineDone = false;
    trailers = false;
    fault = null;
    authorityStart = -1;
    normalPath = null;
    decodedView = false;
    rewrittenHost = null;
    asterisk = false;
    status = 0;
    minor = 0;
    method = Method.OTHER;
    contentLength = NO_LENGTH;
    transferEncodings = 0;
    chunked = false;
    unknownCoding = false;
    host = -1;
    connectionClose = false;
    connectionKeepAlive = false;
    connectionUpgrade = false;
    connectionNamesFields = false;
    upgrade = -1;
    expectContinue = false;
    unknownExpectation = false;
    hasDate = false;
    teTrailers = false;
    credentialBound = false;
    maxForwards = -1;
    count = 0;
  }

  /** Makes it ready for a trailer section, which has no start line. */
  void clearForTrailers() {
    clear();
    startLineDone = true;
    trailers = true;
  }

  /** What holds the path in its normal form, between {@link #pathFrom} and {@link #pathTo}. */
  byte[] pathArray() {
    return normalPath != null ? normalPath : pathStart == pathEnd ? ROOT : bytes;
  }

  int pathFrom() {
    return normalPath != null || pathStart == pathEnd ? 0 : pathStart;
  }

  int pathTo() {
    return normalPath != null ? normalPath.length : pathStart == pathEnd ? 1 : pathEnd;
  }

  /** Where the host that the request is for begins, in {@link #bytes}; -1 when there is none. */
  int hostStart() {
    return authorityStart >= 0 ? authorityStart : host >= 0 ? valueStart(host) : -1;
  }

  /** Where it ends, the port among it. */
  int hostEnd() {
    return authorityStart >= 0 ? authorityEnd : host >= 0 ? valueEnd(host) : -1;
  }

  /** Room for this many more bytes. */
  void ensure(int more) {
    if (bytes.length - length < more) {
      byte[] larger = space.take(Math.max(bytes.length * 2, length + more));
      System.arraycopy(bytes, 0, larger, 0, length);
      if (bytes != own) {
        space.giveBack(bytes);
      }
      bytes = larger;
    }
  }

  void add(int nameStart, int nameEnd, int valueStart, int valueEnd, int flag) {
    if (count == flags.length) {
      fields = Arrays.copyOf(fields, fields.length * 2);
      flags = Arrays.copyOf(flags, flags.length * 2);
    }
    int at = count * STRIDE;
    fields[at] = nameStart;
    fields[at + 1] = nameEnd;
    fields[at + 2] = valueStart;
    fields[at + 3] = valueEnd;
    flags[count++] = flag;
  }

  /** Header lines. */
  int count() {
    return count;
  }

  int nameStart(int field) {
    return fields[field * STRIDE];
  }

  int nameEnd(int field) {
    return fields[field * STRIDE + 1];
  }

  int valueStart(int field) {
    return fields[field * STRIDE + 2];
  }

  int valueEnd(int field) {
    return fields[field * STRIDE + 3];
  }

  Name name(int field) {
    return Name.of(flags[field] & NAME_MASK);
  }

  boolean canonical(int field) {
    return (flags[field] & CANONICAL) != 0;
  }

  boolean dropped(int field) {
    return (flags[field] & DROPPED) != 0;
  }

  boolean underscore(int field) {
    return (flags[field] & UNDERSCORE) != 0;
  }

  void drop(int field) {
    flags[field] |= DROPPED;
  }

  String value(int field) {
    return Chars.text(bytes, valueStart(field), valueEnd(field));
  }

  /** The first field of this name, dropped or not; -1 when there is none. */
  int find(Name name) {
    for (int i = 0; i < count; i++) {
      if ((flags[i] & NAME_MASK) == name.code()) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the connection goes on behind this message (RFC 9112 section 9.3). */
  boolean persistent() {
    return !connectionClose && (minor == 1 || connectionKeepAlive);
  }

  /** Whether a field of this name is still there. */
  boolean has(Name name) {
    for (int i = 0; i < count; i++) {
      if ((flags[i] & (NAME_MASK | DROPPED)) == name.code()) {
        return true;
      }
    }
    return false;
  }
}
