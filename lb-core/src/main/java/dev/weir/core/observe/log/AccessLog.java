package dev.weir.core.observe.log;

import dev.weir.core.config.AccessLogConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.control.WallClock;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.LbObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each exchange and session that ends. Event loops put lines into rings; the
 * thread {@code weir-access-log} polls them every 20 ms. A target that is slow, full or broken
 * makes lines be dropped and counted, and nothing else.
 */
public final class AccessLog implements LbObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /** What waits for the writer, for each event loop. */
  public static final int RING_BYTES = 1 << 20;

  private static final long POLL_NANOS = 20_000_000L;
  private static final long COMPLAIN_EVERY_MILLIS = 60_000;

  /** What one event loop keeps. */
  private static final class LoopLog {
    private final LogRing ring = new LogRing(RING_BYTES);
    private final LogLine line = new LogLine();
    private final LogTime time = new LogTime();
    private long seen;
  }

  private final LoopLog[] loops;
  private final LineFormat format;
  private final LogTarget target;
  private final WallClock clock;
  private final int everyNth;
  private final Thread writer;
  private volatile boolean reopen;
  private volatile boolean closed;
  private long complained;

  /**
   * Opens the target and starts the writer.
   *
   * @param loops how many event loops there are
   * @param stdout where lines go for {@code stdout}
   * @throws IOException when the target cannot be opened
   */
  public AccessLog(AccessLogConfig config, int loops, WallClock clock, OutputStream stdout)
      throws IOException {
    this.loops = new LoopLog[loops];
    for (int i = 0; i < loops; i++) {
      this.loops[i] = new LoopLog();
    }
    this.clock = clock;
    format = format(config);
    everyNth = config.every();
    target = target(config, clock, stdout);
    writer = new Thread(this::run, "weir-access-log");
    writer.setDaemon(true);
    writer.start();
  }

  private static LineFormat format(AccessLogConfig config) {
    return switch (config.format()) {
      case "json" -> new JsonFormat();
      case "combined" -> new CombinedFormat();
      default -> TemplateFormat.of(config.format());
    };
  }

  private static LogTarget target(AccessLogConfig config, WallClock clock, OutputStream stdout)
      throws IOException {
    String to = config.to();
    if (to.startsWith("file:")) {
      return new FileTarget(Path.of(to.substring("file:".length())));
    }
    if (to.startsWith("syslog:")) {
      HostPort at = HostPort.parse(to.substring("syslog:".length()));
      InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
      if (address.isUnresolved()) {
        throw new IOException("unknown host " + at.host());
      }
      return new SyslogTarget(address, "", clock::epochMillis);
    }
    return new StreamTarget(stdout);
  }

  @Override
  public void exchangeEnded(EndSummary exchange) {
    log(exchange);
  }

  @Override
  public void sessionEnded(EndSummary session) {
    log(session);
  }

  private void log(EndSummary end) {
    LoopLog loop = loops[end.loop()];
    if (everyNth > 1 && loop.seen++ % everyNth != 0) {
      return;
    }
    loop.time.set(clock.epochMillis());
    loop.line.clear();
    format.write(end, loop.time, loop.line);
    loop.line.end();
    loop.ring.put(loop.line.bytes(), loop.line.length());
  }

  /** Opens a file target anew, after it was moved away. Any thread. */
  public void reopen() {
    reopen = true;
    LockSupport.unpark(writer);
  }

  /** Lines that were dropped because the target did not keep up. Any thread. */
  public long dropped() {
    long sum = 0;
    for (LoopLog loop : loops) {
      sum += loop.ring.dropped();
    }
    return sum;
  }

  private void run() {
    boolean last = false;
    while (!last) {
      last = closed;
      try {
        if (reopen) {
          reopen = false;
          target.reopen();
        }
        if (!drain() && !last) {
          LockSupport.parkNanos(this, POLL_NANOS);
        }
      } catch (IOException failure) {
        complain(failure);
        LockSupport.parkNanos(this, POLL_NANOS);
      }
    }
    try {
      target.close();
    } catch (IOException failure) {
      complain(failure);
    }
  }

  private boolean drain() throws IOException {
    boolean any = false;
    for (LoopLog loop : loops) {
      any |= loop.ring.drain(target);
    }
    if (any) {
      target.flush();
      // A pause even when there is more: many lines in one write cost less than one each.
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    return any;
  }

  private void complain(IOException failure) {
    long now = clock.epochMillis();
    if (now - complained > COMPLAIN_EVERY_MILLIS) {
      complained = now;
      LOG.warn("access log lines are lost: {}", failure.getMessage());
    }
  }

  /** Writes what is there and ends the writer; waits for it, at most 2 s. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(2000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
