package dev.weir.core.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** The addresses that the machine has at a moment. Asks the kernel; not on an event loop. */
final class LocalAddresses {
  /** More are not told: each one is a socket for each event loop. */
  static final int MOST = 64;

  private LocalAddresses() {}

  /**
   * Those that a wildcard address stands for: of IPv4 for {@code 0.0.0.0}, all for {@code ::}.
   *
   * @throws IOException when the kernel does not tell
   */
  static Set<InetAddress> like(InetAddress wildcard) throws IOException {
    Set<InetAddress> found = new LinkedHashSet<>();
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        boolean wanted = address instanceof Inet4Address || !(wildcard instanceof Inet4Address);
        if (wanted && found.size() < MOST) {
          found.add(address);
        }
      }
    }
    return Collections.unmodifiableSet(found);
  }
}
