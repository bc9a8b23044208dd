package dev.weir.admin.planted;

/** Breaks a rule on purpose. */
public final class AdminKnowsTcp {
  Class<?> known = dev.weir.tcp.planted.TcpKnowsAdmin.class;
}
