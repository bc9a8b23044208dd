package dev.weir.tcp.planted;

/** Breaks a rule on purpose. */
public final class TcpKnowsAdmin {
  Object known = new dev.weir.admin.planted.AdminKnowsTcp();
}
