package dev.weir.core.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What a client's datagrams to one address belong to, with the answers; listed and counted by its
 * port. Belongs to the port's event loop.
 */
public abstract class DatagramSession {
  static final int NOT_LISTED = -1;

  private final DatagramPort port;
  private final InetSocketAddress client;

  // These are the port's, which lists it.
  final long key;
  DatagramSession nextOfBucket;
  boolean found;
  int slot = NOT_LISTED;
  Gate.Pass pass;

  /** A session that its handler is about to begin. */
  protected DatagramSession(DatagramPort port, InetSocketAddress client) {
    this.port = port;
    this.client = client;
    key = port.key(client);
  }

  /** A session without a port, for tests of where it is listed. */
  DatagramSession(long key, InetSocketAddress client) {
    port = null;
    this.client = client;
    this.key = key;
  }

  /** Where its datagrams come to, and its answers leave from. */
  public final DatagramPort port() {
    return port;
  }

  /** Whose it is. */
  public final InetSocketAddress client() {
    return client;
  }

  /** Whether it goes on with another datagram; where not, it ends itself and another begins. */
  protected abstract boolean goesOn();

  /**
   * A datagram of the client's.
   *
   * @param data valid during the call
   */
  protected abstract void received(ByteBuffer data);

  /** About once a second: ends itself where it should not go on. */
  protected abstract void check();

  /** The listener ends: may still get the answers that are due, and nothing else. */
  protected abstract void drain();

  /** Ends now, whatever is due. */
  protected abstract void abort();
}
