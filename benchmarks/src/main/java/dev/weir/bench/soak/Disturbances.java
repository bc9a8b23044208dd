package dev.weir.bench.soak;

import dev.weir.bench.audit.Failure;
import dev.weir.bench.drill.AdminClient;
import dev.weir.bench.drill.Backends;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens besides the traffic: backend processes killed and started again, and changes of the
 * configuration. Acts and is read on the drill's own thread.
 */
final class Disturbances {
  /** A request that was sent shortly after a kill may still have met the dead. */
  private static final long AFTERMATH_NANOS = 500_000_000;

  private static final int WEB = 3;
  private static final String BACKENDS = "/pools/web/backends/";

  private final Backends backends;
  private final AdminClient admin;
  private final SplittableRandom random;
  private final Complaints complaints;
  private final List<Long> kills = new ArrayList<>();
  private int dead = -1;
  private int changes;

  Disturbances(
      Backends backends, AdminClient admin, SplittableRandom random, Complaints complaints) {
    this.backends = backends;
    this.admin = admin;
    this.random = random;
    this.complaints = complaints;
  }

  /** Kills one of the three that serve; {@link #revive} must come before the next. */
  void kill() {
    dead = random.nextInt(WEB);
    kills.add(System.nanoTime());
    backends.get(dead).killNow();
  }

  /** Starts again what was killed. */
  void revive() {
    if (dead >= 0) {
      backends.again(dead, 0);
      dead = -1;
    }
  }

  /** One change; every eight leave the configuration as it was, but for weights. */
  void change() throws IOException {
    int port = backends.ports().get(0);
    AdminClient.Answer answer =
        switch (changes++ % 8) {
          case 0 -> admin.patch(BACKENDS + "web-1", "{\"weight\":" + random.nextInt(1, 1000) + "}");
          case 1 -> admin.patch(BACKENDS + "web-2", "{\"state\":\"DRAIN\"}");
          case 2 -> admin.patch(BACKENDS + "web-2", "{\"state\":\"READY\"}");
          case 3 -> admin.put(BACKENDS + "extra", "{\"address\":\"127.0.0.1:" + port + "\"}");
          case 4 -> admin.delete(BACKENDS + "extra");
          case 5 -> admin.patch("/pools/odd", "{\"retries\":1}");
          case 6 -> admin.patch("/pools/odd", "{\"retries\":null}");
          default ->
              admin.patch("/config", "{\"listeners\":{\"web\":{\"limits\":{\"headerCount\":90}}}}");
        };
    if (!answer.done()) {
      complaints.add("a change is answered " + answer.status() + ": " + answer.body().strip());
    }
  }

  /** Whether a backend died while the request was out. */
  boolean excuse(Failure failure) {
    return kills.stream()
        .anyMatch(
            kill ->
                failure.sentNanos() - AFTERMATH_NANOS - kill < 0 && failure.atNanos() - kill > 0);
  }

  int kills() {
    return kills.size();
  }

  int changes() {
    return changes;
  }
}
