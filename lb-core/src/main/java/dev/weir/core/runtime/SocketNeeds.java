package dev.weir.core.runtime;

import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Pointers;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.SocketConfig;
import dev.weir.core.net.SocketOptions;
import dev.weir.core.net.Transport;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What sockets of a configuration need of the machine and the process: the transport epoll, a
 * capability; and what of them cannot change while they are open. Used by {@link Target} on the
 * worker.
 */
final class SocketNeeds {
  private final String transport;
  private final boolean epoll;
  private final boolean running;
  private final Consumer<Problem> problems;

  /** Null until it is asked for. */
  private Optional<String> notTransparent;

  private SocketNeeds(Parts parts, LbConfig config, Consumer<Problem> problems) {
    // Without sockets it is only a check, perhaps on another machine.
    running = parts.sockets() != null;
    transport =
        running
            ? parts.loops().transport().name().toLowerCase(Locale.ROOT)
            : config.process().transport();
    epoll = running ? parts.loops().transport() == Transport.EPOLL : mayBeEpoll(transport);
    this.problems = problems;
  }

  private static boolean mayBeEpoll(String transport) {
    return transport.equals("epoll") || transport.equals("auto");
  }

  /**
   * Checks.
   *
   * @param before what runs; null when the process is just starting
   */
  static void check(Parts parts, LbConfig config, Snapshot before, Consumer<Problem> problems) {
    SocketNeeds needs = new SocketNeeds(parts, config, problems);
    for (Map.Entry<String, ListenerConfig> entry : config.listeners().entrySet()) {
      ListenerConfig was = before == null ? null : before.config().listeners().get(entry.getKey());
      needs.listener(Pointers.child("/listeners", entry.getKey()), entry.getValue(), was);
    }
    for (Map.Entry<String, PoolConfig> entry : config.pools().entrySet()) {
      PoolConfig was = before == null ? null : before.config().pools().get(entry.getKey());
      if (!entry.getValue().equals(was)) {
        needs.pool(Pointers.child("/pools", entry.getKey()), entry.getValue());
      }
    }
  }

  private void listener(String path, ListenerConfig config, ListenerConfig was) {
    if (config.equals(was)) {
      return;
    }
    SocketConfig socket = config.socket();
    if (was != null && was.bind().equals(config.bind()) && !was.socket().equals(socket)) {
      problems.accept(
          Problem.at(
              path + "/socket", "cannot change while the address stays; it takes a restart"));
    }
    if (config.bind().isUnix()) {
      epoll(path + "/bind", "Unix sockets need");
    }
    if (socket.freebind()) {
      epoll(path + "/socket/freebind", "this needs");
    }
    if (socket.ipv6Only()) {
      epoll(path + "/socket/ipv6Only", "this needs");
    }
    if (socket.transparent()) {
      transparent(path + "/socket/transparent");
    }
  }

  private void pool(String path, PoolConfig config) {
    if (config.fromClient()) {
      transparent(path + "/source");
    } else if (config.source() != null) {
      epoll(path + "/source", "this needs");
    }
    for (Map.Entry<String, BackendConfig> backend : config.backends().entrySet()) {
      if (backend.getValue().address().isUnix()) {
        String at = Pointers.child(path + "/backends", backend.getKey()) + "/address";
        epoll(at, "Unix sockets need");
      }
    }
  }

  private void epoll(String path, String what) {
    if (!epoll) {
      problems.accept(Problem.at(path, what + " the transport epoll, not " + transport));
    }
  }

  private void transparent(String path) {
    epoll(path, "this needs");
    if (epoll && running) {
      if (notTransparent == null) {
        notTransparent = SocketOptions.notTransparent();
      }
      notTransparent.ifPresent(reason -> problems.accept(Problem.at(path, reason)));
    }
  }
}
