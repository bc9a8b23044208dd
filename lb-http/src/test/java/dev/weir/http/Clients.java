package dev.weir.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Clients for tests of what asks only who they are. */
final class Clients {
  private Clients() {}

  /** Someone who is not believed. */
  static Client at(String address) {
    return of(address, false);
  }

  /** A proxy whose forwarded headers are believed. */
  static Client trusted(String address) {
    return of(address, true);
  }

  private static Client of(String address, boolean trusted) {
    InetAddress source;
    try {
      source = InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
    return new Client() {
      @Override
      public InetAddress source() {
        return source;
      }

      @Override
      public boolean trusted() {
        return trusted;
      }
    };
  }
}
