package dev.weir.udp.planted;

/** Breaks a rule on purpose. */
public final class UdpKnowsTcp {
  Class<?> known = dev.weir.tcp.TcpProtocol.class;
}
