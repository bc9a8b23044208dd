package dev.weir.core.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The open sessions of one UDP listener on one event loop, over all its ports. Looks once a second
 * whether each should go on. Used on that loop only, except for {@link #open}.
 */
final class DatagramSet {
  private static final long CHECK_NANOS = 1_000_000_000L;
  private static final VarHandle SIZE;

  static {
    try {
      SIZE = MethodHandles.lookup().findVarHandle(DatagramSet.class, "size", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final LoopContext loop;
  private final List<Runnable> whenEmpty = new ArrayList<>(1);
  private final Deadline checks =
      new Deadline() {
        @Override
        protected void expired() {
          copy().forEach(DatagramSession::check);
          if (size > 0) {
            loop.wheel().arm(this, CHECK_NANOS);
          }
        }
      };
  private DatagramSession[] sessions = new DatagramSession[16];
  private int size;
  private int kept;

  DatagramSet(LoopContext loop) {
    this.loop = loop;
  }

  LoopContext loop() {
    return loop;
  }

  /** Sessions open now; any thread, may lag a moment behind. */
  int open() {
    return (int) SIZE.getOpaque(this);
  }

  void add(DatagramSession session) {
    if (size == sessions.length) {
      sessions = Arrays.copyOf(sessions, size * 2);
    }
    if (size == 0) {
      loop.wheel().arm(checks, CHECK_NANOS);
    }
    session.slot = size;
    sessions[size] = session;
    SIZE.setOpaque(this, size + 1);
  }

  /** Takes a session off; false when it was not there. */
  boolean remove(DatagramSession session) {
    int slot = session.slot;
    if (slot == DatagramSession.NOT_LISTED) {
      return false;
    }
    session.slot = DatagramSession.NOT_LISTED;
    DatagramSession last = sessions[size - 1];
    sessions[size - 1] = null;
    if (last != session) {
      sessions[slot] = last;
      last.slot = slot;
    }
    SIZE.setOpaque(this, size - 1);
    if (size == 0) {
      loop.wheel().disarm(checks);
      tellEmpty();
    }
    return true;
  }

  /** A copy, to walk over while sessions leave. */
  List<DatagramSession> copy() {
    return new ArrayList<>(Arrays.asList(sessions).subList(0, size));
  }

  /** Whether so many bytes of datagrams more may be kept; they count then. */
  boolean keep(int bytes) {
    if (kept + bytes > DatagramMemory.KEPT) {
      return false;
    }
    kept += bytes;
    return true;
  }

  void forget(int bytes) {
    kept -= bytes;
  }

  /** Runs a task on the loop, soon, when no session is open; perhaps that is now. */
  void whenEmpty(Runnable task) {
    whenEmpty.add(task);
    if (size == 0) {
      tellEmpty();
    }
  }

  private void tellEmpty() {
    whenEmpty.forEach(loop.loop()::execute);
    whenEmpty.clear();
  }
}
