package dev.weir.tcp;

import dev.weir.core.net.ClientHello;
import java.net.InetSocketAddress;

/** What routes may ask of a connection that has come. */
interface Arrival {
  /** {@link ClientHello#NONE} when it has none, or none was read. */
  ClientHello hello();

  /** The client's address; null when it is not known. */
  InetSocketAddress source();
}
