package dev.weir.tcp;

import dev.weir.core.config.MemoryTerm;
import dev.weir.core.net.BufferMemory;
import java.util.List;

/** What TCP needs at worst; without what the kernel keeps. */
public final class TcpMemory {
  private static final int OBJECTS = 8 * 1024;

  private TcpMemory() {}

  /** One session. What is kept of a TLS hello is less, and passed on before there is more. */
  public static List<MemoryTerm> session() {
    return List.of(
        MemoryTerm.direct(
            "not sent, in both directions",
            2 * BufferMemory.queue(BufferMemory.UNSENT, 1),
            "2 x (64 KiB / 97 x 2 KiB + one read of 128 KiB)"),
        MemoryTerm.heap("objects", OBJECTS, "8 KiB, an estimate"));
  }
}
