package dev.weir.bench.drill;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to backends of its own, one change after another, until the balancer is gone. One thread
 * for each life of the balancer; the expectation is handed from one life to the next.
 */
final class CrashWriter implements Runnable {
  private static final int OWN = 4;

  private final int number;
  private final AdminClient admin;
  private final Expectation expectation;
  private final AtomicLong acknowledged;
  private final AtomicLong newest;
  private final SplittableRandom random;
  private volatile String refusal = "";

  /**
   * A writer.
   *
   * @param acknowledged counts over all writers
   * @param newest the highest generation that was acknowledged
   */
  CrashWriter(
      int number,
      AdminClient admin,
      Expectation expectation,
      AtomicLong acknowledged,
      AtomicLong newest,
      long seed) {
    this.number = number;
    this.admin = admin;
    this.expectation = expectation;
    this.acknowledged = acknowledged;
    this.newest = newest;
    random = new SplittableRandom(seed);
  }

  @Override
  public void run() {
    try {
      while (refusal.isEmpty()) {
        write();
      }
    } catch (IOException gone) {
      // killed: the outcome of the last change is open, and the expectation says so
    }
  }

  /** Why it has stopped although the balancer runs; empty otherwise. */
  String refusal() {
    return refusal;
  }

  private void write() throws IOException {
    String name = "crash-" + number + "-" + random.nextInt(OWN);
    String path = "/pools/web/backends/" + name;
    String before = expectation.certain(name);
    boolean there = !Expectation.ABSENT.equals(before);
    int weight = random.nextInt(1001);
    boolean delete = there && random.nextInt(4) == 0;
    String after = delete ? Expectation.ABSENT : String.valueOf(weight);
    expectation.sending(name, after);
    String body = "{\"weight\":" + weight + "}";
    String whole = "{\"address\":\"127.0.0.1:9\",\"weight\":" + weight + "}";
    AdminClient.Answer answer =
        delete ? admin.delete(path) : there ? admin.patch(path, body) : admin.put(path, whole);
    if (answer.done()) {
      expectation.acknowledged(name, after);
      newest.accumulateAndGet(answer.generation(), Math::max);
      acknowledged.incrementAndGet();
    } else if (answer.status() == 409) {
      expectation.refused(name, before);
    } else {
      refusal = answer.status() + " " + answer.body().strip();
    }
  }
}
