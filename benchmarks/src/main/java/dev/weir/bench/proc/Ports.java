package dev.weir.bench.proc;

import dev.weir.bench.UnfitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Free ports of 127.0.0.1 below the range that the kernel takes client ports from, so that a load
 * of outgoing connections cannot take a port before its server has bound it.
 */
public final class Ports {
  private static final int FIRST = 7100;
  private static final int LAST = 9899;

  private int next = FIRST;

  /** A port that was free a moment ago and is handed out once. */
  public int take() {
    while (next <= LAST) {
      int port = next++;
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        // the next one, then
      }
    }
    throw new UnfitException("no free port in " + FIRST + ".." + LAST);
  }
}
