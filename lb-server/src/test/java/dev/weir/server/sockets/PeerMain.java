package dev.weir.server.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A {@link TestPeer} in a process of its own, for tests in networks of their own. */
final class PeerMain {
  private PeerMain() {}

  /**
   * {@code serve PORT}: a backend, until the input ends. {@code talk HOST PORT}: prints what comes.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("serve")) {
      InetSocketAddress at = new InetSocketAddress(Integer.parseInt(arguments[1]));
      try (TestPeer peer = TestPeer.tcp(at)) {
        System.out.println("ready on " + peer.port());
        System.in.read();
      }
    } else {
      InetSocketAddress to = new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
      System.out.print(TestPeer.talk(to, "x"));
    }
  }
}
