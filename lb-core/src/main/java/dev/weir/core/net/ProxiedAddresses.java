package dev.weir.core.net;

import java.net.InetSocketAddress;

/**
 * Both ends of a client's connection to a balancer in front of us, as its PROXY header tells them.
 */
record ProxiedAddresses(InetSocketAddress source, InetSocketAddress destination) {}
