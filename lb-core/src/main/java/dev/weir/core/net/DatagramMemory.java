package dev.weir.core.net;

/** What datagrams take at worst, beside their sessions. */
public final class DatagramMemory {
  /**
   * Bytes that the sessions of one listener on one event loop together keep, to send them to
   * another backend should the first one not be there.
   */
  public static final int KEPT = 4 << 20;

  /** Bytes in which an event loop receives and sends. */
  public static final int SPACE = 2 * DatagramSpace.BYTES;

  private DatagramMemory() {}
}
