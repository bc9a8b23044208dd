package dev.weir.core.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a log: a header, then records one after the other, numbers in network byte order.
 *
 * <pre>
 * header:  "WEIRCONF"  version:4  crc32c of both:4
 * record:  "Wrec"  length of payload:4  generation:8  crc32c of payload:4  crc32c of these:4  payload
 * </pre>
 *
 * A record's head has a checksum of its own, so that a length can be trusted: only then is a record
 * that ends too early a write that was cut off, and not damage.
 */
final class LogFormat {
  static final int VERSION = 1;
  static final int HEADER = 16;
  static final int RECORD_HEAD = 24;
  static final int LONGEST_PAYLOAD = 256 * 1024 * 1024;

  private static final byte[] MAGIC = "WEIRCONF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RECORD_MAGIC = "Wrec".getBytes(StandardCharsets.US_ASCII);

  private LogFormat() {}

  /**
   * A record in a log.
   *
   * @param begin the offset of its payload
   * @param end the offset behind it
   */
  record Entry(long generation, int begin, int end) {}

  /** What follows the last good record. */
  enum Tail {
    /** Nothing. */
    CLEAN,
    /** The beginning of one record, which was never acknowledged. */
    TORN,
    /** Anything else: damage. */
    CORRUPT
  }

  /** The header of a log. */
  static byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER).put(MAGIC).putInt(VERSION);
    return header.putInt(crc(header.array(), 0, 12)).array();
  }

  /**
   * The version of a log.
   *
   * @return 0 when the header is damaged
   */
  static int version(byte[] log) {
    if (log.length < HEADER || !Arrays.equals(log, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return 0;
    }
    ByteBuffer header = ByteBuffer.wrap(log);
    return header.getInt(12) == crc(log, 0, 12) ? header.getInt(8) : 0;
  }

  /** A record. */
  static byte[] record(long generation, byte[] payload) {
    ByteBuffer record = ByteBuffer.allocate(RECORD_HEAD + payload.length);
    record.put(RECORD_MAGIC).putInt(payload.length).putLong(generation);
    record.putInt(crc(payload, 0, payload.length));
    record.putInt(crc(record.array(), 0, 20));
    return record.put(payload).array();
  }

  /** The good records from the beginning on, up to the first that is not. */
  static List<Entry> entries(byte[] log) {
    List<Entry> entries = new ArrayList<>();
    int at = HEADER;
    for (Entry entry = entry(log, at); entry != null; entry = entry(log, at)) {
      entries.add(entry);
      at = entry.end();
    }
    return entries;
  }

  /** What follows the good records, which end at {@code end}. */
  static Tail tail(byte[] log, int end) {
    int left = log.length - end;
    if (left <= 0) {
      return Tail.CLEAN;
    }
    if (onlyZeros(log, end)) {
      return Tail.TORN;
    }
    int head = Math.min(left, RECORD_MAGIC.length);
    if (!Arrays.equals(log, end, end + head, RECORD_MAGIC, 0, head)) {
      return Tail.CORRUPT;
    }
    boolean torn =
        left < RECORD_HEAD
            || (goodHead(log, end) && ByteBuffer.wrap(log).getInt(end + 4) > left - RECORD_HEAD);
    return torn ? Tail.TORN : Tail.CORRUPT;
  }

  /**
   * The greatest generation of the good records anywhere behind {@code from}; 0 if there is none.
   */
  static long newestBehind(byte[] log, int from) {
    long newest = 0;
    int at = from;
    while (at <= log.length - RECORD_HEAD) {
      Entry entry = log[at] == RECORD_MAGIC[0] ? entry(log, at) : null;
      if (entry != null) {
        newest = Math.max(newest, entry.generation());
      }
      at = entry == null ? at + 1 : entry.end();
    }
    return newest;
  }

  private static Entry entry(byte[] log, int at) {
    if (log.length - at < RECORD_HEAD || !goodHead(log, at)) {
      return null;
    }
    ByteBuffer record = ByteBuffer.wrap(log);
    int length = record.getInt(at + 4);
    int begin = at + RECORD_HEAD;
    if (length < 0 || length > log.length - begin) {
      return null;
    }
    if (record.getInt(at + 16) != crc(log, begin, length)) {
      return null;
    }
    return new Entry(record.getLong(at + 8), begin, begin + length);
  }

  private static boolean goodHead(byte[] log, int at) {
    return Arrays.equals(log, at, at + RECORD_MAGIC.length, RECORD_MAGIC, 0, RECORD_MAGIC.length)
        && ByteBuffer.wrap(log).getInt(at + 20) == crc(log, at, 20);
  }

  private static boolean onlyZeros(byte[] log, int from) {
    for (int i = from; i < log.length; i++) {
      if (log[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
