package dev.weir.admin.metrics;

import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Cells;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.ProxyHeader;

/**
 * The counters of one listener. Written by its connections, each on its event loop; read by a
 * scrape and by the admin API.
 */
final class ListenerCells {
  /** Status classes in the order of their cells; the first is "no answer was sent". */
  static final String[] CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  static final Cause[] CAUSES = Cause.values();

  /** Why connections are refused. */
  static final Cause[] REFUSALS = {Cause.LISTENER_LIMIT, Cause.CLIENT_LIMIT, Cause.LOCAL_LIMIT};

  /** Why datagrams are not passed on. */
  static final Drop[] DROPS = Drop.values();

  /** What ends sessions. */
  static final EndSummary.By[] ENDERS = EndSummary.By.values();

  /** What connections say of their clients. */
  static final ProxyHeader[] HEADERS = ProxyHeader.values();

  private static final int OPENED = 0;
  private static final int BYTES_IN = 1;
  private static final int BYTES_OUT = 2;
  private static final int SESSIONS = 3;
  private static final int STATUS = SESSIONS + ENDERS.length;
  private static final int CLOSED = STATUS + CLASSES.length;
  private static final int ENDED = CLOSED + CAUSES.length;
  private static final int REFUSED = ENDED + CAUSES.length;
  private static final int AVOIDABLE = REFUSED + REFUSALS.length;
  private static final int TOLD = AVOIDABLE + 1;
  private static final int DATAGRAMS_IN = TOLD + HEADERS.length;
  private static final int DATAGRAMS_OUT = DATAGRAMS_IN + 1;
  private static final int DROPPED = DATAGRAMS_OUT + 1;
  private static final int SLOTS = DROPPED + DROPS.length;

  private final Cells cells;

  ListenerCells(int loops) {
    cells = new Cells(loops, SLOTS);
  }

  void opened(int loop) {
    cells.add(loop, OPENED, 1);
  }

  void closed(int loop, Cause cause) {
    cells.add(loop, CLOSED + index(cause), 1);
  }

  void refused(int loop, Cause cause) {
    int refusal =
        switch (cause) {
          case CLIENT_LIMIT -> 1;
          case LOCAL_LIMIT -> 2;
          default -> 0;
        };
    cells.add(loop, REFUSED + refusal, 1);
  }

  void dropped(int loop, Drop why) {
    cells.add(loop, DROPPED + index(why), 1);
  }

  // As with causes: the index of a cell.
  @SuppressWarnings("EnumOrdinal")
  void told(int loop, ProxyHeader header) {
    cells.add(loop, TOLD + header.ordinal(), 1);
  }

  void exchange(EndSummary end) {
    int status = end.status();
    int statusClass = status >= 100 && status < 600 ? status / 100 : 0;
    cells.add(end.loop(), STATUS + statusClass, 1);
    if (end.avoidable()) {
      cells.add(end.loop(), AVOIDABLE, 1);
    }
    ended(end);
  }

  void session(EndSummary end) {
    int loop = end.loop();
    cells.add(loop, SESSIONS + index(end.endedBy()), 1);
    if (end.datagramsIn() > 0) {
      cells.add(loop, DATAGRAMS_IN, end.datagramsIn());
      cells.add(loop, DATAGRAMS_OUT, end.datagramsOut());
    }
    ended(end);
  }

  private void ended(EndSummary end) {
    int loop = end.loop();
    cells.add(loop, BYTES_IN, end.bytesIn());
    cells.add(loop, BYTES_OUT, end.bytesOut());
    cells.add(loop, ENDED + index(end.cause()), 1);
  }

  // The position among the values is the index of a cell that lives in this process only.
  @SuppressWarnings("EnumOrdinal")
  private static int index(Enum<?> value) {
    return value.ordinal();
  }

  long openedTotal() {
    return cells.sum(OPENED);
  }

  long closedTotal(int cause) {
    return cells.sum(CLOSED + cause);
  }

  /** {@code refusal}: index among {@link #REFUSALS}. */
  long refusedTotal(int refusal) {
    return cells.sum(REFUSED + refusal);
  }

  /** {@code header}: index among {@link #HEADERS}. */
  long toldTotal(int header) {
    return cells.sum(TOLD + header);
  }

  /** Connections open now; the sums are not of one moment, so never below 0 by force. */
  long open() {
    long closed = 0;
    for (int i = 0; i < CAUSES.length; i++) {
      closed += closedTotal(i);
    }
    return Math.max(0, openedTotal() - closed);
  }

  long requests(int statusClass) {
    return cells.sum(STATUS + statusClass);
  }

  long avoidable() {
    return cells.sum(AVOIDABLE);
  }

  /** {@code ender}: index among {@link #ENDERS}. */
  long sessions(int ender) {
    return cells.sum(SESSIONS + ender);
  }

  long ends(int cause) {
    return cells.sum(ENDED + cause);
  }

  long datagramsIn() {
    return cells.sum(DATAGRAMS_IN);
  }

  long datagramsOut() {
    return cells.sum(DATAGRAMS_OUT);
  }

  /** {@code drop}: index among {@link #DROPS}. */
  long droppedTotal(int drop) {
    return cells.sum(DROPPED + drop);
  }

  long bytesIn() {
    return cells.sum(BYTES_IN);
  }

  long bytesOut() {
    return cells.sum(BYTES_OUT);
  }
}
