package dev.weir.core.observe.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time of day as text, worked out once a second; one for each event loop. */
final class LogTime {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter COMMON =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss '+0000'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private int millis;
  private byte[] iso;
  private byte[] common;

  void set(long epochMillis) {
    long now = Math.floorDiv(epochMillis, 1000L);
    millis = (int) Math.floorMod(epochMillis, 1000L);
    if (now != second) {
      second = now;
      Instant instant = Instant.ofEpochSecond(now);
      iso = ISO.format(instant).getBytes(StandardCharsets.US_ASCII);
      common = COMMON.format(instant).getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** {@code 2026-11-20T10:20:30.123Z}. */
  void addIso(LogLine line) {
    line.add(iso).add(millis < 10 ? "00" : millis < 100 ? "0" : "").add(millis).add("Z");
  }

  /** {@code 20/Nov/2026:10:20:30 +0000}. */
  void addCommon(LogLine line) {
    line.add(common);
  }
}
