package dev.weir.core.discovery;

import dev.weir.core.control.ControlLoop;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.discovery.Resolver.Answer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the address of one host up to date: looks it up, and again when the answer expires, at
 * least every minute and at most every second. What was found last is kept while look-ups fail. An
 * address that is still among several stays the chosen one. Belongs to the control loop.
 */
public final class HostWatch {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final String host;
  private final Resolver resolver;
  private final ControlLoop loop;
  private final Consumer<InetAddress> moved;

  private volatile InetAddress address;
  private volatile String failure = "the look-up is under way";
  private Cancellable timer = () -> {};
  private Duration pause = SHORTEST;
  private boolean stopped;

  /**
   * A watch; a literal address is known at once.
   *
   * @param moved told a new address, on the control loop
   */
  public HostWatch(String host, Resolver resolver, ControlLoop loop, Consumer<InetAddress> moved) {
    this.host = host;
    this.resolver = resolver;
    this.loop = loop;
    this.moved = moved;
    address = Literal.of(host);
    if (address != null) {
      failure = null;
    }
  }

  /** The address; null while none was found. Any thread. */
  public InetAddress address() {
    return address;
  }

  /** Why the last look-up gave none, in a few words; null when it did. Any thread. */
  public String failure() {
    return failure;
  }

  /** Begins to look up, unless the address is a literal. */
  public void start() {
    loop.assertInside();
    if (Literal.of(host) == null) {
      lookUp();
    }
  }

  /** Looks up no more. */
  public void stop() {
    loop.assertInside();
    stopped = true;
    timer.cancel();
  }

  private void lookUp() {
    resolver.resolve(host, answer -> loop.execute(() -> answered(answer)));
  }

  private void answered(Answer answer) {
    if (stopped) {
      return;
    }
    if (answer instanceof Answer.Found found) {
      failure = null;
      pause = SHORTEST;
      again(clamp(found.ttl()));
      use(found.addresses());
    } else if (answer instanceof Answer.Failed failed) {
      failure = failed.reason();
      again(pause);
      pause = clamp(pause.multipliedBy(2));
    }
  }

  private void use(List<InetAddress> found) {
    InetAddress current = address;
    if (current == null || !found.contains(current)) {
      address = found.get(0);
      moved.accept(found.get(0));
    }
  }

  private void again(Duration delay) {
    timer = loop.schedule(delay, this::lookUp);
  }

  private static Duration clamp(Duration duration) {
    if (duration.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
