package dev.weir.core.runtime;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.control.ControlLoop;
import dev.weir.core.net.Listener;
import dev.weir.core.net.OpenListener;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ListenerState;
import dev.weir.core.pool.Pool;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Closes the sockets of tcp listeners while nobody is eligible in all that they lead to, where
 * {@code allDown: close} wants it so, and opens them again; what cannot be opened is tried again
 * every second. Belongs to the control loop; sockets are opened on the worker. What is {@link
 * #stuck} is read by any thread.
 */
final class Doors {
  static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final ControlLoop control;
  private final Executor worker;
  private final LbObserver observer;
  private Map<Listener, Door> doors = new LinkedHashMap<>();
  private volatile Map<String, String> stuck = Map.of();
  private volatile boolean stopped;

  Doors(ControlLoop control, Executor worker, LbObserver observer) {
    this.control = control;
    this.worker = worker;
    this.observer = observer;
  }

  /** The sockets of one listener. */
  private static final class Door {
    final Listener listener;
    List<Pool> pools = List.of();
    boolean open = true;
    boolean busy;
    boolean gone;

    Door(Listener listener) {
      this.listener = listener;
    }

    boolean wanted() {
      return pools.isEmpty() || !pools.stream().allMatch(Pool::closed);
    }
  }

  /** Another configuration runs. */
  void follow(Snapshot snapshot) {
    control.assertInside();
    Map<Listener, Door> next = new LinkedHashMap<>();
    for (OpenListener open : snapshot.listeners().values()) {
      if (open instanceof Listener listener) {
        Door door = doors.remove(listener);
        if (door == null) {
          door = new Door(listener);
        }
        door.pools = pools(snapshot, snapshot.config().listeners().get(listener.name()));
        next.put(listener, door);
      }
    }
    doors.values().forEach(this::forget);
    doors = next;
    turned();
  }

  /** Where all connections go; nowhere for protocols that answer in another way. */
  private static List<Pool> pools(Snapshot snapshot, ListenerConfig config) {
    return config.protocol().equals("tcp")
        ? Transition.leadsTo(config).stream().map(snapshot.pools()::get).toList()
        : List.of();
  }

  private void forget(Door door) {
    door.gone = true;
    tell(door, null);
  }

  /** Somebody is eligible again in some pool, or nobody any more. */
  void turned() {
    control.assertInside();
    doors.values().forEach(this::look);
  }

  private void look(Door door) {
    boolean wanted = door.wanted();
    if (stopped || door.busy || door.gone || wanted == door.open) {
      return;
    }
    door.busy = true;
    if (wanted) {
      worker.execute(() -> open(door));
    } else {
      door.listener.closeSockets().thenRun(() -> control.execute(() -> closed(door)));
    }
  }

  private void closed(Door door) {
    door.busy = false;
    door.open = false;
    if (!door.gone) {
      String reason = "nobody is eligible where it leads";
      observer.listenerTurned(door.listener.name(), ListenerState.CLOSED, reason);
    }
    look(door);
  }

  private void open(Door door) {
    String failure = null;
    try {
      door.listener.openSockets();
    } catch (IOException cannot) {
      failure = cannot.getMessage();
    }
    String outcome = failure;
    control.execute(() -> opened(door, outcome));
  }

  private void opened(Door door, String failure) {
    if (door.gone || stopped) {
      return;
    }
    tell(door, failure);
    if (failure == null) {
      door.busy = false;
      door.open = true;
      observer.listenerTurned(door.listener.name(), ListenerState.LISTENING, "");
      look(door);
      return;
    }
    control.schedule(
        BETWEEN_TRIES,
        () -> {
          door.busy = false;
          look(door);
          if (!door.busy) {
            tell(door, null); // nobody wants it open any more
          }
        });
  }

  /** Writes down why a listener cannot be opened, and says so when it is news; null: it is not. */
  private void tell(Door door, String failure) {
    String name = door.listener.name();
    Map<String, String> next = new TreeMap<>(stuck);
    String before = failure == null ? next.remove(name) : next.put(name, failure);
    stuck = next;
    if (failure != null && !failure.equals(before)) {
      observer.listenerTurned(name, ListenerState.STUCK, failure);
    }
  }

  /** Listeners that should be open and cannot be, with the reasons. Any thread. */
  Map<String, String> stuck() {
    return stuck;
  }

  /** Everything ends. */
  void stop() {
    stopped = true;
  }
}
