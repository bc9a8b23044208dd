package dev.weir.http;

import dev.weir.core.config.RouteConfig;
import dev.weir.core.pool.Pool;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shares of several pools. A request's place is a hash of its key in proportion to all weights, so
 * that the same key leads to the same pool, and a change of weights moves no more keys than it has
 * to. Without the key, the client's address is taken. Immutable.
 */
final class Split {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private enum Key {
    SOURCE,
    PATH,
    REQUEST_ID,
    HEADER,
    COOKIE,
    QUERY
  }

  private final Key key;
  private final byte[] name;
  private final long[] ends;
  private final Pool[] pools;

  /**
   * As configured.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with the key
   */
  Split(String by, List<RouteConfig.Share> shares, Map<String, Pool> pools) {
    int colon = by.indexOf(':');
    key = key(colon < 0 ? by : by.substring(0, colon + 1));
    String what = by.substring(colon + 1);
    if (key == null || what.isEmpty()) {
      throw new IllegalArgumentException(
          "must be source, path, request-id, or header:, cookie: or query: and a name");
    }
    name = Chars.bytes(key == Key.HEADER ? what.toLowerCase(Locale.ROOT) : what);
    ends = new long[shares.size()];
    this.pools = new Pool[shares.size()];
    long sum = 0;
    for (int i = 0; i < ends.length; i++) {
      sum += shares.get(i).weight();
      ends[i] = sum;
      this.pools[i] = pools.get(shares.get(i).pool());
    }
  }

  private static Key key(String word) {
    return switch (word) {
      case "source" -> Key.SOURCE;
      case "path" -> Key.PATH;
      case "request-id" -> Key.REQUEST_ID;
      case "header:" -> Key.HEADER;
      case "cookie:" -> Key.COOKIE;
      case "query:" -> Key.QUERY;
      default -> null;
    };
  }

  Pool choose(Exchange exchange) {
    long place = Math.multiplyHigh(mixed(hash(exchange)) >>> 1, ends[ends.length - 1] << 1);
    int i = 0;
    while (place >= ends[i]) {
      i++;
    }
    return pools[i];
  }

  private long hash(Exchange exchange) {
    Head head = exchange.request;
    long hash =
        switch (key) {
          case SOURCE -> 0;
          case PATH -> hash(head.pathArray(), head.pathFrom(), head.pathTo());
          case REQUEST_ID -> requestId(exchange);
          case HEADER -> header(head);
          case COOKIE -> cookie(head);
          case QUERY -> query(head);
        };
    return hash == 0 ? exchange.origin.hash() : hash;
  }

  private static long requestId(Exchange exchange) {
    Head head = exchange.request;
    int given = exchange.origin.trusted() ? head.find(Name.X_REQUEST_ID) : -1;
    return given >= 0
        ? hash(head.bytes, head.valueStart(given), head.valueEnd(given))
        : exchange.id().hash();
  }

  private long header(Head head) {
    for (int i = 0; i < head.count(); i++) {
      if (!head.dropped(i)
          && Chars.equalsLower(head.bytes, head.nameStart(i), head.nameEnd(i), name)) {
        return hash(head.bytes, head.valueStart(i), head.valueEnd(i));
      }
    }
    return 0;
  }

  private long cookie(Head head) {
    long slice = CookieCondition.find(head, name);
    return slice < 0 ? 0 : hash(head.bytes, (int) (slice >>> 32), (int) slice);
  }

  private long query(Head head) {
    long slice = QueryCondition.find(head, name);
    return slice < 0 ? 0 : hash(head.bytes, (int) (slice >>> 32), (int) slice);
  }

  private static long hash(byte[] bytes, int from, int to) {
    long hash = FNV_OFFSET;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** The finaliser of SplitMix64, started elsewhere than the balancers do. */
  private static long mixed(long value) {
    long z = value + 0x632BE59BD9B4E019L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
