package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.control.WallClock;
import dev.weir.core.limit.RetryBudget;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.Transport;
import dev.weir.core.pool.Pool;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Locale;

/**
 * What HTTP keeps for each event loop: idle upstream connections, heads to reuse, the writer's
 * array and the Date of this second. Used on its loop only.
 */
final class HttpLoop {
  static final int SPARE_HEADS = 64;
  private static final int RESCUED_PER_TURN = 64;
  private static final long SECOND = 1_000_000_000L;
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  final LoopContext context;
  final Transport transport;
  private final HttpLoops siblings;
  final HeadWriter writer = new HeadWriter();

  /** For what is put together before it is written. */
  final HeadWriter scratch = new HeadWriter();

  /** Connections to backends that wait for work. */
  final IdleOrder idle;

  private final WallClock clock;
  private final ArrayDeque<Head> heads = new ArrayDeque<>();
  private final HeadSpace space = new HeadSpace();
  private final IdentityHashMap<Backend, BackendLoop> backends = new IdentityHashMap<>();
  private final IdentityHashMap<Pool, PoolLoop> pools = new IdentityHashMap<>();
  private byte[] dateLine = new byte[0];
  private long dateUntil;
  private long replayBytes;

  HttpLoop(LoopContext context, HttpLoops siblings, WallClock clock, int maxIdle) {
    this.context = context;
    this.siblings = siblings;
    transport = siblings.transport();
    this.clock = clock;
    idle = new IdleOrder(maxIdle);
    dateUntil = context.now();
  }

  /** An empty head; give it back with {@link #giveBack}. */
  Head takeHead() {
    Head head = heads.pollLast();
    if (head == null) {
      head = new Head(space);
    }
    head.spare = false;
    head.clear();
    return head;
  }

  void giveBack(Head head) {
    assert !head.spare : "a head was given back twice";
    head.spare = true;
    head.shrink();
    if (heads.size() < SPARE_HEADS) {
      heads.addLast(head);
    }
  }

  /** Request bodies kept for another attempt, in bytes. */
  long replayBytes() {
    return replayBytes;
  }

  void addReplayBytes(long bytes) {
    replayBytes += bytes;
  }

  BackendLoop of(Backend backend) {
    BackendLoop known = backends.get(backend);
    if (known == null) {
      known = new BackendLoop(new IdleConnections<>(HttpLoops.MAX_IDLE_PER_BACKEND, context.now()));
      backends.put(backend, known);
    }
    return known;
  }

  PoolLoop of(Pool pool) {
    PoolLoop known = pools.get(pool);
    if (known == null) {
      RetryBudget budget = new RetryBudget(siblings.size(), context.now());
      known = new PoolLoop(budget, pool.waiting().slot(context.loop()));
      pools.put(pool, known);
    }
    return known;
  }

  /** A backend has no room for another connection: one that is idle on another loop could go. */
  void askOthersToClose(Backend backend) {
    siblings.closeOneIdle(backend, this);
  }

  /** Closes what is idle towards backends that have left. */
  void retire(Collection<Backend> gone) {
    for (Backend backend : gone) {
      BackendLoop known = backends.remove(backend);
      if (known != null) {
        known.idle().retire();
      }
    }
  }

  /** Forgets pools that are no more. */
  void retain(Collection<Pool> alive) {
    if (pools.size() > alive.size()) {
      pools.keySet().retainAll(alive);
    }
  }

  /** A backend was taken out: what waits for its answer and may go elsewhere does, in turns. */
  void rescue(Backend backend) {
    BackendLoop known = backends.get(backend);
    if (known != null && !backend.eligible() && known.rescue(RESCUED_PER_TURN)) {
      context.loop().execute(() -> rescue(backend));
    }
  }

  /** The Date field of this second, as a whole line (RFC 9110 section 6.6.1). */
  byte[] dateLine(long now) {
    if (now - dateUntil >= 0) {
      dateUntil = now + SECOND - Math.floorMod(clock.epochMillis(), 1000L) * 1_000_000L;
      String date = IMF_FIXDATE.format(Instant.ofEpochMilli(clock.epochMillis()));
      dateLine = Chars.bytes("Date: " + date + "\r\n");
    }
    return dateLine;
  }
}
