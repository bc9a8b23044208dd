package dev.weir.http.planted;

/** Breaks a rule on purpose. */
public final class HttpKnowsTcp {
  Class<?> known = dev.weir.tcp.planted.TcpKnowsAdmin.class;
}
