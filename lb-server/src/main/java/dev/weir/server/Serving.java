package dev.weir.server;

import dev.weir.core.config.ProcessConfig.Shutdown;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.runtime.Drained;
import dev.weir.server.Signals.Wish;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a started server, told by signals: reload, graceful end, end now. One thread, the
 * process's main thread, waits here for what comes next; everything else happens elsewhere.
 */
public final class Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final int WAITING = 16;

  private final BlockingQueue<Runnable> events = new ArrayBlockingQueue<>(WAITING);
  private final SystemdNotify systemd;
  private LbServer server;
  private CompletableFuture<Drained> ending;
  private boolean over;

  /** May be asked from now on; answers once there is a server. */
  public Serving(SystemdNotify systemd) {
    this.systemd = systemd;
  }

  /** Something is asked for. Any thread; dropped when too much is waiting already. */
  public void ask(Wish wish) {
    if (!events.offer(() -> handle(wish))) {
      LOG.warn("SIG{} dropped: {} signals are waiting", wish.signal(), WAITING);
    }
  }

  /**
   * Says that the server is ready and waits until it has ended gracefully, or was told to end now.
   *
   * @param started stays the caller's to close
   */
  public void untilEnd(LbServer started) throws InterruptedException {
    server = started;
    systemd.send(SystemdNotify.READY);
    while (!over) {
      events.take().run();
    }
  }

  private void handle(Wish wish) {
    switch (wish) {
      case END -> end(wish, server.shutdown());
      case END_SOON -> end(wish, withoutDelay(server.shutdown()));
      case RELOAD -> reload();
      case REOPEN -> server.reopenLogs();
    }
  }

  private void end(Wish wish, Shutdown times) {
    if (ending != null) {
      LOG.info("SIG{} again: ending now, {} connections open", wish.signal(), server.connections());
      server.drain(times);
      over = true;
      return;
    }
    LOG.info(
        "SIG{}: not ready from now on; accepting stops in {}, {} connections may finish within {}",
        wish.signal(),
        seconds(times.preDelay()),
        server.connections(),
        seconds(times.drain()));
    systemd.send(SystemdNotify.STOPPING);
    ending = server.drain(times);
    ending.whenComplete((drained, failure) -> post(() -> ended(drained, failure)));
  }

  // The end must not be lost, however many signals are waiting.
  private void post(Runnable event) {
    try {
      events.put(event);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void ended(Drained drained, Throwable failure) {
    if (failure != null) {
      LOG.error("the graceful end failed", failure);
    } else if (drained.cut() > 0) {
      LOG.warn("ended; {} connections were still open and have been cut", drained.cut());
    } else {
      LOG.info("ended; nothing was open any more");
    }
    over = true;
  }

  private void reload() {
    if (ending != null) {
      LOG.info("SIGHUP ignored: the process is ending");
      return;
    }
    server.reload("SIGHUP").whenComplete(Serving::reloaded);
  }

  private static void reloaded(ChangeResult result, Throwable failure) {
    if (failure != null) {
      LOG.error("reload failed", failure);
    } else {
      Reports.lines(result).forEach(line -> LOG.info("reload: {}", line));
    }
  }

  private static Shutdown withoutDelay(Shutdown times) {
    return new Shutdown(Duration.ZERO, times.drain(), times.hard());
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
