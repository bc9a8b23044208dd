package dev.weir.core.health;

import java.util.ArrayList;
import java.util.List;

/** The last ten probe results of a backend. Written by the control loop, read by any thread. */
public final class ProbeHistory {
  private static final int KEPT = 10;

  private final Entry[] entries = new Entry[KEPT];
  private int next;

  /** A result and when it came, in milliseconds since 1970. */
  public record Entry(long epochMillis, ProbeResult result) {}

  synchronized void add(long epochMillis, ProbeResult result) {
    entries[next] = new Entry(epochMillis, result);
    next = (next + 1) % KEPT;
  }

  /** Newest first. */
  public synchronized List<Entry> newestFirst() {
    List<Entry> all = new ArrayList<>(KEPT);
    for (int i = 1; i <= KEPT; i++) {
      Entry entry = entries[(next + KEPT - i) % KEPT];
      if (entry != null) {
        all.add(entry);
      }
    }
    return all;
  }
}
