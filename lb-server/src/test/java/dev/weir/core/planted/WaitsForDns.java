package dev.weir.core.planted;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Breaks a rule on purpose. */
public final class WaitsForDns {
  InetAddress resolve(String name) throws UnknownHostException {
    return InetAddress.getByName(name);
  }
}
