package dev.weir.core.net;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipes of the process, through which a {@link Splice} moves bytes. There are so many at most,
 * and only large ones: with the 64 KiB that a pipe has by itself, splicing costs as much as copying
 * (measured: docs/performance.md). Free ones are kept, since a new one costs three system calls.
 * Taken and given back by event loops, never waiting.
 */
public final class Pipes implements AutoCloseable {
  /** The most there are: as many of {@link #SIZE} as Linux grants a user who is not root. */
  public static final int MOST = 128;

  /** The size that splicing is worth it with, in bytes. */
  public static final int SIZE = 512 * 1024;

  /** The size that Linux gives a pipe by itself, in bytes. */
  public static final int SMALL = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Pipes.class);

  // Two descriptors each: they may take one in thirty-two of what the process has.
  private static final int SHARE = 64;

  private final int most;
  private final int bytes;
  private final AtomicInteger made = new AtomicInteger();
  private final Queue<Pipe> free = new ConcurrentLinkedQueue<>();
  private volatile PipeSize sizing;
  private boolean preparing;

  private Pipes(int most, int bytes) {
    this.most = most;
    this.bytes = bytes;
  }

  /** Both ends of a pipe. */
  record Pipe(FileDescriptor reads, FileDescriptor writes) {
    void close() {
      try {
        reads.close();
      } catch (IOException failure) {
        LOG.warn("a pipe is not closed", failure);
      }
      try {
        writes.close();
      } catch (IOException failure) {
        LOG.warn("a pipe is not closed", failure);
      }
    }
  }

  /** No pipes: everything is copied. */
  public static Pipes none() {
    return new Pipes(0, SIZE);
  }

  /**
   * Those of a process: at most {@link #MOST}, of {@link #SIZE}.
   *
   * @param openFiles descriptors that the process may have; the pipes take a small share of them
   */
  public static Pipes ofProcess(int openFiles) {
    return of(Math.min(MOST, openFiles / SHARE), SIZE);
  }

  /**
   * Pipes; none where there is no epoll, and none before {@link #prepare} if they are larger than
   * {@link #SMALL}.
   *
   * @param most how many
   * @param bytes the size of each, from {@link #SMALL} on
   */
  public static Pipes of(int most, int bytes) {
    return new Pipes(Epoll.isAvailable() ? most : 0, bytes);
  }

  /** How much each takes, in bytes. */
  int bytes() {
    return bytes;
  }

  private boolean small() {
    return bytes == SMALL;
  }

  /** Sees, on a thread of its own, whether large pipes can be made; the first call does. */
  public synchronized void prepare() {
    if (most == 0 || small() || preparing) {
      return;
    }
    preparing = true;
    Thread thread = new Thread(() -> sizing = PipeSize.find().orElse(null), "weir-pipes");
    thread.setDaemon(true);
    thread.start();
  }

  /** An empty pipe; null when there is none to be had, then bytes are copied. */
  Pipe take() {
    Pipe kept = free.poll();
    if (kept != null) {
      return kept;
    }
    PipeSize call = sizing;
    if (call == null && !small()) {
      return null;
    }
    if (made.incrementAndGet() > most) {
      made.decrementAndGet();
      return null;
    }
    Optional<Pipe> fresh = make(call);
    if (fresh.isEmpty()) {
      made.decrementAndGet();
    }
    return fresh.orElse(null);
  }

  private Optional<Pipe> make(PipeSize call) {
    try {
      FileDescriptor[] ends = FileDescriptor.pipe();
      Pipe pipe = new Pipe(ends[0], ends[1]);
      if (!small() && call.set(ends[1].intValue(), bytes) < bytes) {
        pipe.close();
        return Optional.empty();
      }
      return Optional.of(pipe);
    } catch (IOException noDescriptors) {
      LOG.debug("no pipe", noDescriptors);
      return Optional.empty();
    }
  }

  /** The pipe is not needed any more. */
  void giveBack(Pipe pipe, boolean empty) {
    if (empty) {
      free.add(pipe);
    } else {
      pipe.close();
      made.decrementAndGet();
    }
  }

  /** Pipes there are, in use or free; at most {@link #MOST}. */
  public int count() {
    return made.get();
  }

  /** Pipes in use now. */
  public int inUse() {
    return made.get() - free.size();
  }

  /** Closes those that are free; those in use close with their sessions. */
  @Override
  public void close() {
    for (Pipe pipe = free.poll(); pipe != null; pipe = free.poll()) {
      pipe.close();
      made.decrementAndGet();
    }
  }
}
