package dev.weir.core.net;

/**
 * What a listener does with what comes to it. Its kind says which sockets the listener needs.
 * Immutable; replaced as a whole when the configuration changes.
 */
public sealed interface ListenerHandler permits ConnectionHandler, DatagramHandler {}
