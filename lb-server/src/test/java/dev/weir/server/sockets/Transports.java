package dev.weir.server.sockets;

import dev.weir.core.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What this machine offers, as the configuration names it. */
final class Transports {
  private Transports() {}

  static Stream<String> all() {
    return Transport.available().stream().map(one -> one.name().toLowerCase(Locale.ROOT));
  }

  static void needEpoll() {
    Assumptions.assumeTrue(
        Transport.available().contains(Transport.EPOLL), "epoll is not available here");
  }

  static void needIpv6() {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      Assumptions.assumeTrue(any.isBound());
    } catch (IOException none) {
      Assumptions.abort("there is no IPv6 here");
    }
  }

  /** The first of so many free ports in a row. */
  static int freeRange(int ports) throws IOException {
    for (int first = 20_000; first < 60_000; first += ports) {
      if (free(first, ports)) {
        return first;
      }
    }
    throw new AssertionError("no " + ports + " free ports in a row");
  }

  private static boolean free(int first, int ports) {
    for (int port = first; port < first + ports; port++) {
      try (ServerSocket one = new ServerSocket(port)) {
        if (!one.isBound()) {
          return false;
        }
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
