package dev.weir.core.discovery;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Turns a host name into addresses, without blocking. */
@FunctionalInterface
public interface Resolver {
  /**
   * Starts a look-up and returns at once.
   *
   * @param done called exactly once, on any thread, possibly before this method returns
   */
  void resolve(String host, Consumer<Answer> done);

  /** What a look-up gave. */
  sealed interface Answer {
    /**
     * Addresses.
     *
     * @param addresses at least one, in the order of preference
     * @param ttl how long they hold, as the name server says
     */
    record Found(List<InetAddress> addresses, Duration ttl) implements Answer {}

    /**
     * Nothing.
     *
     * @param reason in a few words
     */
    record Failed(String reason) implements Answer {}
  }
}
