package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MemoryTerm;
import dev.weir.core.net.BufferMemory;
import java.util.List;

/** What HTTP needs at worst, from its configuration; without what the kernel keeps. */
public final class HttpMemory {
  private static final int OBJECTS = 16 * 1024;
  private static final int INDEX = 40;
  private static final long RESERVE = 16L * 1024 * 1024;
  private static final long IDLE = 8 * 1024;

  private HttpMemory() {}

  /** One client connection with a request that is being served. */
  public static List<MemoryTerm> connection(ListenerConfig config) {
    ListenerConfig.Limits limits = config.limits();
    long buffer = limits.bufferBytes();
    long head = 2L * limits.headerBytes() + (long) INDEX * limits.headerCount();
    long answer = 2L * Upstream.MAX_HEAD + (long) INDEX * Upstream.MAX_FIELDS;
    return List.of(
        MemoryTerm.direct(
            "read from the client, not taken",
            buffer + BufferMemory.READ,
            "bufferBytes + one read of 128 KiB"),
        MemoryTerm.direct(
            "to the backend, not sent",
            BufferMemory.queue(BufferMemory.UNSENT, 1),
            "64 KiB / 97 x 2 KiB + one read of 128 KiB"),
        MemoryTerm.direct(
            "to the client, not sent",
            BufferMemory.queue(buffer, 1),
            "bufferBytes / 97 x 2 KiB + one read of 128 KiB"),
        MemoryTerm.heap("request head", head, "2 x headerBytes + " + INDEX + " x headerCount"),
        MemoryTerm.heap(
            "response head", answer, "2 x 64 KiB + " + INDEX + " x " + Upstream.MAX_FIELDS),
        MemoryTerm.heap("objects", OBJECTS, "16 KiB, an estimate"));
  }

  /** What is kept of request bodies that may be sent again. */
  public static MemoryTerm replay(long connections, int loops) {
    return MemoryTerm.direct(
        "request bodies kept for another attempt",
        Math.min(connections * Replay.MAX_BYTES, loops * Replay.MAX_LOOP_BYTES),
        "the lesser of connections x 64 KiB and loops x 16 MiB");
  }

  /** What the allocator holds beside what is in use. */
  public static MemoryTerm allocator(int loops) {
    return MemoryTerm.direct(
        "reserve of the allocator", loops * RESERVE, "loops x 16 MiB, an estimate");
  }

  /** Heads kept for the next request. */
  public static MemoryTerm spareHeads(int loops) {
    long heads = HttpLoop.SPARE_HEADS * 2L * Head.OWN_BYTES;
    long arrays = (long) HeadSpace.SPARE * HeadSpace.LARGE;
    return MemoryTerm.heap(
        "spare heads",
        loops * (heads + arrays),
        "loops x (" + HttpLoop.SPARE_HEADS + " x 4 KiB + " + HeadSpace.SPARE + " x 8 KiB)");
  }

  /** Connections to backends that wait for work. */
  public static MemoryTerm idle(int loops, long backends) {
    return MemoryTerm.heap(
        "idle connections to backends",
        loops * backends * HttpLoops.MAX_IDLE_PER_BACKEND * IDLE,
        "loops x backends x " + HttpLoops.MAX_IDLE_PER_BACKEND + " x 8 KiB, an estimate");
  }
}
