package dev.weir.http;

import java.net.InetAddress;

/** What matching and templates may know of the client beside its request. */
interface Client {
  /** The address that conditions and access rules are about; null when it is not known. */
  InetAddress source();

  /** Whether it is a proxy whose forwarded headers are believed. */
  boolean trusted();
}
