package dev.weir.udp;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.net.ListenerHandler;
import dev.weir.core.runtime.Protocol;
import java.util.Collection;
import java.util.function.Consumer;

/** {@code protocol: udp}: every datagram of the listener goes to one pool, by sessions. */
public final class UdpProtocol implements Protocol {
  @Override
  public String name() {
    return "udp";
  }

  @Override
  public void check(String path, ListenerConfig config, Consumer<Problem> problems) {
    if (config.pool() == null) {
      problems.accept(Problem.at(path, "a udp listener needs a pool, and has none"));
    }
  }

  @Override
  public ListenerHandler handler(Scope scope) {
    return UdpService.of(scope);
  }

  /**
   * Nothing is kept idle towards a backend; sessions look for themselves whether theirs is gone.
   */
  @Override
  public void retired(Collection<Backend> backends) {}
}
