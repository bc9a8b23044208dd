package dev.weir.core.net;

/**
 * What buffers of a connection take at worst, on epoll. A buffer that holds a piece of what was
 * read is at most four times as large as the piece, or {@value ReadSize#MIN} bytes; see {@link
 * ReadSize#fitting}.
 */
public final class BufferMemory {
  /** The most that one read brings, in bytes. */
  public static final int READ = SpareBuffers.MAX;

  /** What may wait to be sent before the sender is read no more, in bytes: Netty's default. */
  public static final int UNSENT = 64 * 1024;

  // What Netty adds for each piece when it counts what waits to be sent.
  private static final int ENTRY = 96;

  private BufferMemory() {}

  /**
   * What waits to be sent, when each piece is at least so long.
   *
   * @param unsent bytes that may wait; one read more may come on top
   * @param piece bytes of the smallest piece
   */
  public static long queue(long unsent, int piece) {
    long pieces = unsent / (ENTRY + piece) + 1;
    return Math.max(pieces * SpareBuffers.MIN, 4 * unsent) + READ;
  }
}
